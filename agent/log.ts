/**
 * Lines that a person reads on a serial console. The only place that writes to the console.
 *
 * The form of the lines is an interface: farm software matches them.
 */
import { cutText, showControls } from "./quote_foreign.ts";
import { redactText } from "./redact.ts";

/** GitLab's collapsible log sections, by the names that boot2container's users know. */
export type SectionName =
  | "b2c_kernel_boot"
  | "b2c_setup"
  | "runtime_info"
  | "load_modules"
  | "mount_cache_partition"
  | "connect"
  | "ntp_set"
  | "parse_extra_cmdline"
  | "set_hostname"
  | "set_keymap"
  | "start_pipeline"
  | "execute_hooks"
  | "start_service_container"
  | "create_container"
  | "container_run"
  | "b2c_post_container"
  | "cleanup"
  | "unmount_cache_partition";

export interface Logger {
  /** One or more lines, each `[12.345]: text`. */
  info(text: string): void;
  /** The same, marked as a warning. */
  warn(text: string): void;
  /** The same, marked as an error. */
  error(text: string): void;
  /** A line with nothing before it, for words that other programs match. */
  plain(line: string): void;
  /** Opens a section; its title is the section's first line. */
  startSection(name: SectionName, title: string): void;
  endSection(name: SectionName): void;
  /**
   * Keeps lines back while a container has the terminal, so that they do not tear its screen.
   * Dispose it: the lines follow then.
   */
  hold(): Disposable;
}

export interface LogOutput {
  /** Writes text as it is. */
  readonly write: (text: string) => void;
  /** Milliseconds since the kernel started. */
  readonly uptime: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const ERASE_LINE = "\x1b[0K";
/** Lines kept back at most; past that the oldest go, and their number is told. */
const HOLD_LIMIT = 1000;
/** UTF-16 units of a line; a serial console shows some 11 000 characters in a second. */
const LINE_LIMIT = 4096;

/** Makes a logger; every text is redacted here, whoever wrote it. */
export function createLogger(output: LogOutput): Logger {
  const held: string[] = [];
  let holders = 0;
  let dropped = 0;

  const write = (text: string) => {
    if (holders === 0) return output.write(text);
    held.push(text);
    if (held.length > HOLD_LIMIT) {
      held.shift();
      dropped++;
    }
  };
  const stamp = () => `[${(output.uptime() / 1000).toFixed(3)}]: `;
  const lines = (mark: string, text: string) => {
    for (const line of redactText(text).split("\n")) {
      write(`${stamp()}${mark}${renderLine(line)}\n`);
    }
  };
  const epoch = () => Math.floor(output.now() / 1000);

  return {
    info: (text) => lines("", text),
    warn: (text) => lines("WARNING: ", text),
    error: (text) => lines("ERROR: ", text),
    plain: (line) => write(`${line}\n`),
    startSection(name, title) {
      // container_run holds what the user came for; everything else starts folded.
      const options = name === "container_run" ? "" : "[collapsed=true]";
      const head = renderLine(redactText(title));
      write(
        `${ERASE_LINE}section_start:${epoch()}:${name}${options}\r${ERASE_LINE}${stamp()}${head}\n`,
      );
    },
    endSection(name) {
      write(`${ERASE_LINE}section_end:${epoch()}:${name}\r${ERASE_LINE}\n`);
    },
    hold() {
      holders++;
      let active = true;
      return {
        [Symbol.dispose]() {
          if (!active) return;
          active = false;
          if (--holders > 0) return;
          if (dropped > 0) output.write(`${stamp()}(${dropped} earlier lines were dropped)\n`);
          dropped = 0;
          for (const text of held.splice(0)) output.write(text);
        },
      };
    },
  };
}

/** One line, fit to be shown; `line` is redacted already. */
function renderLine(line: string): string {
  return breakMagicWords(showControls(cutText(line, LINE_LIMIT)));
}

/** Farm software waits for these words of the machine; text from outside must not say them. */
function breakMagicWords(line: string): string {
  return line
    .replace(/(It's now safe to turn off)(?= your computer)/gi, "$1 (quoted)")
    .replace(/(Execution is over,)(?= pipeline status)/gi, "$1 (quoted)");
}

/**
 * A logger on the console. It has a file of its own: a program with a terminal may leave the
 * stdout that it shares with us in a state where writing fails.
 */
export function openConsoleLog(clock: { uptime(): number; now(): number }): Logger {
  const encoder = new TextEncoder();
  const console = openConsole();
  return createLogger({
    write: (text) => writeAll(console, encoder.encode(text)),
    uptime: () => clock.uptime(),
    now: () => clock.now(),
  });
}

function openConsole(): { writeSync(bytes: Uint8Array): number } {
  try {
    return Deno.openSync("/dev/console", { write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      return Deno.stdout;
    }
    throw error;
  }
}

/** Writes to stdout what a program reads there: JSON, a table. */
export function printOutput(text: string): void {
  writeAll(Deno.stdout, new TextEncoder().encode(text));
}

/** Writes to stderr what a person reads: problems, progress. Secrets and controls are not shown. */
export function printNotice(text: string): void {
  writeAll(Deno.stderr, new TextEncoder().encode(renderNotice(text)));
}

/** What {@linkcode printNotice} writes. */
export function renderNotice(text: string): string {
  return redactText(text).split("\n").map((line) => showControls(cutText(line, LINE_LIMIT)))
    .join("\n");
}

function writeAll(file: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
