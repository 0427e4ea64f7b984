/**
 * One error class per decision a caller makes. Messages read
 * "Cannot <verb> <object>: <state>", without a full stop.
 */

/** An error that a person can act on may carry a hint: one line, what to do about it. */
export interface ErrorHintOptions extends ErrorOptions {
  readonly hint?: string;
}

/** Base of the agent's errors: adds the optional {@linkcode hint}. */
export class AgentError extends Error {
  override name = "AgentError";
  /** What the user can do about it, one line. */
  readonly hint: string | undefined;

  constructor(message: string, options: ErrorHintOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
  }
}

/** One thing wrong with the configuration. */
export interface Problem {
  /** The directive as the user wrote its name, such as `b2c.run`. */
  readonly directive: string;
  /** The offending piece of text. */
  readonly text: string;
  /** What is wrong and what was expected. */
  readonly message: string;
  /** `error`: what the directive asks for cannot be done; `warning`: taken, but doubtful. */
  readonly severity: "error" | "warning";
  /** True: nothing may run while it stands. Absent: a default takes the place of the mistake. */
  readonly essential?: boolean;
  /** What to write instead, or where to look: one line. */
  readonly hint?: string;
  /** Where it stands. Absent: it is about no single place. */
  readonly place?: ProblemPlace;
}

/** Where a mistake stands, in a form that may be shown: secrets masked, no control characters. */
export interface ProblemPlace {
  /** Name of the text, such as `/proc/cmdline`. */
  readonly source: string;
  /** Counted from 1. */
  readonly lineNumber: number;
  /** The word, or the line of it, that holds the mistake. */
  readonly line: string;
  /** The mistake is `line` from here, in UTF-16 units, */
  readonly start: number;
  /** to here, exclusive. */
  readonly end: number;
}

/** The configuration has mistakes; carries every one of them. */
export class ConfigError extends AgentError {
  override name = "ConfigError";
  constructor(readonly problems: readonly Problem[]) {
    const first = problems[0];
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
    super(
      `Cannot use the configuration: ${
        first ? `${first.directive}: ${first.message}` : "no reason given"
      }${more}`,
    );
  }
}

/** A system call failed. `code` is the errno name, such as `ENOENT`. */
export class SyscallError extends AgentError {
  override name = "SyscallError";
  constructor(
    readonly call: string,
    readonly path: string,
    readonly code: string,
    options: ErrorHintOptions = {},
  ) {
    super(`Cannot ${call} ${path}: ${code}`, options);
  }
}

/** A program ended with a status that is not 0, or could not be started (`status` 127). */
export class CommandError extends AgentError {
  override name = "CommandError";
  constructor(
    /** Already redacted: it is meant to be shown. */
    readonly argv: readonly string[],
    /** Exit status; 128 + signal number when a signal ended it. */
    readonly status: number,
    /** The last few KiB that it wrote to stderr. */
    readonly stderrTail: string,
    options: ErrorHintOptions = {},
  ) {
    const tail = stderrTail.trim().split("\n").slice(-3).join("; ");
    super(`Cannot run ${argv.join(" ")}: exit status ${status}${tail ? `: ${tail}` : ""}`, options);
  }
}

export interface HttpErrorOptions extends ErrorHintOptions {
  /** How long the server asks to wait before the next try (RFC 9110, 10.2.3). */
  readonly retryAfterMs?: number;
}

/** An HTTP exchange failed. `status` is 0 when there was no answer at all. */
export class HttpError extends AgentError {
  override name = "HttpError";
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly method: string,
    /** Already redacted. */
    readonly url: string,
    readonly status: number,
    readonly retryable: boolean,
    message: string,
    options: HttpErrorOptions = {},
  ) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A registry answered with an error; `codes` are those of the distribution spec. */
export class RegistryError extends HttpError {
  override name = "RegistryError";
  constructor(
    method: string,
    url: string,
    status: number,
    retryable: boolean,
    /** Such as `MANIFEST_UNKNOWN` (distribution-spec, "Error Codes"). */
    readonly codes: readonly string[],
    message: string,
    options: HttpErrorOptions = {},
  ) {
    super(method, url, status, retryable, message, options);
  }
}

/** Bytes are not what their digest or size promised. */
export class IntegrityError extends AgentError {
  override name = "IntegrityError";
  constructor(what: string, readonly wanted: string, readonly got: string) {
    super(`Cannot accept ${what}: wanted ${wanted}, got ${got}`);
  }
}

/** A layer archive is malformed, or asks for what is refused. `entry` is its printable name. */
export class ArchiveError extends AgentError {
  override name = "ArchiveError";
  constructor(readonly entry: string, reason: string, options: ErrorHintOptions = {}) {
    super(`Cannot unpack ${entry || "archive"}: ${reason}`, options);
  }
}

/** Something did not happen in time. */
export class TimeoutError extends AgentError {
  override name = "TimeoutError";
  constructor(readonly what: string, readonly limitMs: number, options: ErrorHintOptions = {}) {
    super(`Cannot wait longer for ${what}: ${limitMs / 1000} s are over`, options);
  }
}

/** Finds the first error of a class along the chain of causes; undefined if there is none. */
export function findCause<T extends Error>(
  error: unknown,
  // deno-lint-ignore no-explicit-any
  type: abstract new (...args: any[]) => T,
): T | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 16; depth++) {
    if (at instanceof type) return at;
    at = at.cause;
  }
  return undefined;
}

/**
 * What a person reads: the message, its causes where they add something, then the hint.
 * @returns one line a fact, most important first
 */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const lines = [error.message || error.name];
  let hint = error instanceof AgentError ? error.hint : undefined;
  for (let at = error.cause, depth = 0; at instanceof Error && depth < 8; depth++) {
    if (!lines.some((line) => line.includes((at as Error).message))) {
      lines.push(`because: ${at.message}`);
    }
    if (at instanceof AgentError) hint ??= at.hint;
    at = at.cause;
  }
  if (hint) lines.push(`hint: ${hint}`);
  return lines.join("\n");
}

/** Closes an exhaustive switch over a tagged union. */
export function assertNever(value: never): never {
  throw new TypeError(`Cannot handle ${JSON.stringify(value)}: it is none of the known kinds`);
}
