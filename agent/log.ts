/**
 * Lines that a person reads on a serial console. The only place that writes to the console.
 *
 * The form of the lines is an interface: farm software matches them.
 */
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
      write(`${stamp()}${mark}${printable(line)}\n`);
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
      const head = printable(redactText(title));
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

/** Text from outside must not steer the terminal: control characters become visible. */
function printable(line: string): string {
  return line.replace(
    // deno-lint-ignore no-control-regex
    /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
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

/** Writes to stderr what a person reads: problems, progress. */
export function printNotice(text: string): void {
  writeAll(Deno.stderr, new TextEncoder().encode(text));
}

function writeAll(file: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
