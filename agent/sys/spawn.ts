/** Processes. Arguments are arrays; nothing here goes through a shell. */
import { CommandError } from "../errors.ts";
import { redactArgv } from "../redact.ts";

export interface StartOptions {
  /** Default "null". */
  readonly stdin?: "null" | "inherit" | "piped";
  /** Default "null". */
  readonly stdout?: "null" | "inherit" | "piped";
  /** Default "null". */
  readonly stderr?: "null" | "inherit" | "piped";
  /** Added to the agent's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Text for its stdin; none: /dev/null. */
  readonly input?: string;
  /** After this it is killed and CommandError is thrown. Default: 60 s. */
  readonly timeoutMs?: number;
}

/** A process that runs. Dispose it: that kills it if it still does. */
export interface Process extends AsyncDisposable {
  readonly pid: number;
  /** Only with stdin "piped". */
  readonly stdin: WritableStream<Uint8Array<ArrayBuffer>>;
  /** Only with stdout "piped". */
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Only with stderr "piped". */
  readonly stderr: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Exit status; 128 + signal number when a signal ended it. Never rejects. */
  readonly status: Promise<number>;
  /** Sends a signal; silent when the process is gone. */
  kill(signal: Deno.Signal): void;
}

export interface Spawn {
  /** True while a process that was started here has not been waited for. */
  isOwnChild(pid: number): boolean;
  /**
   * Starts a program.
   * @throws CommandError (status 127) when it cannot be started
   */
  start(argv: readonly string[], options?: StartOptions): Process;
  /**
   * Runs a program to its end and returns its stdout (at most 1 MiB of it).
   * @throws CommandError unless it ends with status 0 in time
   */
  run(argv: readonly string[], options?: RunOptions): Promise<string>;
}

const STDERR_TAIL_BYTES = 4096;
const STDOUT_LIMIT_BYTES = 1 << 20;

const ownChildren = new Set<number>();

export const realSpawn: Spawn = { isOwnChild: (pid) => ownChildren.has(pid), start, run };

function start(argv: readonly string[], options: StartOptions = {}): Process {
  const [program, ...args] = argv;
  if (program === undefined) throw new TypeError("Cannot start a program: no name given");
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args,
      stdin: options.stdin ?? "null",
      stdout: options.stdout ?? "null",
      stderr: options.stderr ?? "null",
      ...(options.env ? { env: { ...options.env } } : {}),
      ...(options.cwd ? { cwd: options.cwd } : {}),
    }).spawn();
  } catch (cause) {
    throw new CommandError(redactArgv(argv), 127, "", { cause });
  }
  let ended = false;
  ownChildren.add(child.pid);
  const status = child.status.then((result) => {
    ended = true;
    ownChildren.delete(child.pid);
    return result.signal ? 128 + signalNumber(result.signal) : result.code;
  });
  const kill = (signal: Deno.Signal) => {
    if (ended) return;
    try {
      child.kill(signal);
    } catch (error) {
      // It may end between the check and the call.
      if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
    }
  };
  return {
    pid: child.pid,
    get stdin() {
      return child.stdin;
    },
    get stdout() {
      return child.stdout;
    },
    get stderr() {
      return child.stderr;
    },
    status,
    kill,
    async [Symbol.asyncDispose]() {
      kill("SIGKILL");
      await status;
    },
  };
}

async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  await using child = start(argv, {
    stdin: options.input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    ...(options.env ? { env: options.env } : {}),
    ...(options.cwd ? { cwd: options.cwd } : {}),
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? 60_000);
  try {
    const [stdout, stderr, status] = await Promise.all([
      readHead(child.stdout, STDOUT_LIMIT_BYTES),
      readTail(child.stderr, STDERR_TAIL_BYTES),
      child.status,
      options.input === undefined ? undefined : writeInput(child.stdin, options.input),
    ]);
    if (status !== 0) throw new CommandError(redactArgv(argv), status, stderr);
    return stdout;
  } finally {
    clearTimeout(timer);
  }
}

async function writeInput(
  stdin: WritableStream<Uint8Array<ArrayBuffer>>,
  text: string,
): Promise<void> {
  try {
    await new Response(text).body?.pipeTo(stdin);
  } catch (error) {
    // A program may end without reading its input; its status tells how that went.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

async function readHead(stream: ReadableStream<Uint8Array>, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (size < limit) chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
  }
  return decode(chunks);
}

/** The last bytes of a stream, as text: what an error message wants of stderr. */
export async function readTail(
  stream: ReadableStream<Uint8Array>,
  limit: number,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    while (chunks.length > 1 && size - chunks[0]!.length >= limit) size -= chunks.shift()!.length;
  }
  return decode(chunks).slice(-limit);
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

function signalNumber(signal: string): number {
  return SIGNAL_NUMBERS[signal] ?? 0;
}
