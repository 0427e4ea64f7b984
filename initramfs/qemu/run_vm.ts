/** Runs a virtual machine. */
import { dirname } from "node:path";
import { readTail, realSpawn } from "../../agent/sys/spawn.ts";
import type { Process } from "../../agent/sys/spawn.ts";
import { readAccelerator } from "./accelerator.ts";
import { classifyEnd, type MachineEnd } from "./machine_end.ts";
import { type Machine, renderQemuArguments } from "./qemu_arguments.ts";

export interface VmOptions {
  /** After this the machine is stopped. */
  readonly timeoutMs: number;
  /** Gets everything that the console says; its folder is created. */
  readonly consoleFile: string;
  /** Called with each piece of the console as it comes. */
  readonly onConsole?: (text: string) => void;
}

/** A machine that runs. Dispose it: that stops it if it still does. */
export interface RunningVm extends AsyncDisposable {
  readonly pid: number;
  /** Types on the console. Silent when the machine is gone. */
  type(text: string): Promise<void>;
  /** Ends the machine as if its plug were pulled. */
  stop(): void;
  readonly ended: Promise<VmResult>;
}

export interface VmResult {
  readonly end: MachineEnd;
  /** What the console said; of more than 8 MiB the last. */
  readonly console: string;
  readonly ms: number;
}

const CONSOLE_LIMIT = 8 << 20;
const STDERR_TAIL_BYTES = 4096;
/** Time for QEMU to end after SIGTERM; then it is killed. */
const GRACE_MS = 5_000;

/** Starts a machine. */
export async function startVm(machine: Machine, options: VmOptions): Promise<RunningVm> {
  const started = performance.now();
  const argv = renderQemuArguments(machine, await readAccelerator());
  await Deno.mkdir(dirname(options.consoleFile), { recursive: true });
  const file = await Deno.open(options.consoleFile, { write: true, create: true, truncate: true });
  let qemu: Process;
  try {
    qemu = realSpawn.start(argv, { stdin: "piped", stdout: "piped", stderr: "piped" });
  } catch (error) {
    file.close();
    throw error;
  }
  let stoppedBy: "timeout" | "caller" | undefined;
  const timers: number[] = [];
  const stop = (who: "timeout" | "caller") => {
    if (stoppedBy !== undefined) return;
    stoppedBy = who;
    qemu.kill("SIGTERM");
    timers.push(setTimeout(() => qemu.kill("SIGKILL"), GRACE_MS));
  };
  timers.push(setTimeout(() => stop("timeout"), options.timeoutMs));
  const keyboard = qemu.stdin.getWriter();

  const watch = async (): Promise<VmResult> => {
    const [console, qemuMessage, qemuStatus] = await Promise.all([
      readConsole(qemu.stdout, file, options.onConsole ?? (() => {})),
      readTail(qemu.stderr, STDERR_TAIL_BYTES),
      qemu.status,
    ]);
    timers.forEach(clearTimeout);
    await keyboard.close().catch(ignoreGone);
    const limitMs = options.timeoutMs;
    return {
      end: classifyEnd({ console, qemuStatus, qemuMessage, stoppedBy, limitMs }),
      console,
      ms: performance.now() - started,
    };
  };
  const ended = watch();

  return {
    pid: qemu.pid,
    type: (text) => keyboard.write(new TextEncoder().encode(text)).catch(ignoreGone),
    stop: () => stop("caller"),
    ended,
    async [Symbol.asyncDispose]() {
      stop("caller");
      await ended;
    },
  };
}

async function readConsole(
  stream: ReadableStream<Uint8Array>,
  file: Deno.FsFile,
  onConsole: (text: string) => void,
): Promise<string> {
  using _file = file;
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
    const piece = decoder.decode(chunk, { stream: true });
    text = (text + piece).slice(-CONSOLE_LIMIT);
    onConsole(piece);
  }
  return text;
}

/** A machine may end while somebody types. */
function ignoreGone(error: unknown): void {
  if (error instanceof Deno.errors.BrokenPipe || error instanceof TypeError) return;
  throw error;
}
