/** What a machine's serial console says. */

/** A line that the agent wrote with the time before it. */
export interface StampedLine {
  /** Seconds since the kernel started. */
  readonly uptime: number;
  readonly text: string;
}

// deno-lint-ignore no-control-regex
const ESCAPE_SEQUENCE = /\x1b(?:\[[0-9;?]*[ -\/]*[@-~]|[@-Z\\-_])/g;

/**
 * The lines as a person sees them: without escape sequences, and of what was written over itself
 * (a carriage return, as GitLab's section marks have one) only the last.
 */
export function parseConsoleLines(text: string): readonly string[] {
  return text.replace(ESCAPE_SEQUENCE, "").split("\n").map((line) => {
    const shown = line.replace(/\r+$/, "");
    return shown.slice(shown.lastIndexOf("\r") + 1);
  });
}

/** The time and text of a line of the form `[12.345]: text`. */
export function parseStampedLine(line: string): StampedLine | undefined {
  const match = /^\[ *(\d+\.\d+)\]: (.*)$/.exec(line);
  return match ? { uptime: Number(match[1]), text: match[2] ?? "" } : undefined;
}

/** What the console tells about the end. */
export interface LastWords {
  /** N of the last `Execution is over, pipeline status: N`; a container may have printed others. */
  readonly status: number | undefined;
  /** The kernel's line when it gave up, unless a status follows: then a container printed it. */
  readonly panic: string | undefined;
}

/** Looks for the end of the pipeline and for that of the kernel. */
export function parseLastWords(text: string): LastWords {
  let status: number | undefined;
  let panic: string | undefined;
  for (const line of parseConsoleLines(text)) {
    const said = parseStampedLine(line)?.text ?? line;
    const over = /^Execution is over, pipeline status: (\d+)$/.exec(said);
    if (over) [status, panic] = [Number(over[1]), undefined];
    panic ??= /Kernel panic - not syncing: .*/.exec(line)?.[0];
  }
  return { status, panic };
}
