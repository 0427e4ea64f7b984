/** Containers through crun, the OCI runtime (crun(1)). */
import { CommandError } from "../errors.ts";
import type { Process } from "../sys/spawn.ts";
import type { System } from "../sys/system.ts";
import { type ContainerError, renderRuntimeError } from "./container_error.ts";
import { watchForFile } from "./file_watch.ts";
import { isPresent, readOptionalText, removeOptional } from "./optional_file.ts";
import { SIGKILL } from "./signals.ts";
import { waitUpTo } from "./wait_up_to.ts";

export interface CrunOptions {
  /** crun's name for the container. */
  readonly id: string;
  /** A folder with config.json; gets a log and a pid file. */
  readonly bundle: string;
  /** Give the container the agent's own stdin; a terminal always has it. */
  readonly stdin: boolean;
  /** `console`: the agent's own stdout and stderr; `piped`: the two streams. */
  readonly output: "console" | "piped";
}

/** How a container ended: with a status of its own, or it never ran. */
export type ContainerEnd =
  | { readonly kind: "exited"; readonly status: number }
  | { readonly kind: "failed"; readonly error: ContainerError };

/** A container that runs. Dispose it: that kills it if it still does, and leaves nothing behind. */
export interface RunningContainer extends AsyncDisposable {
  /** Never rejects. */
  readonly ended: Promise<ContainerEnd>;
  /** Comes when the container's own process runs, or never did: false then. */
  readonly started: Promise<boolean>;
  /** Only with output "piped". */
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly stderr: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Asks it to end, and kills it when it has not after the grace. */
  stop(signal: number, graceMs: number): Promise<ContainerEnd>;
}

const CRUN = ["/usr/bin/crun", "--cgroup-manager=cgroupfs"];
const STATE_FOLDER = "/run/crun";
const PID_FILE = "pid";
const KILL_GRACE_MS = 10_000;

/** Starts crun in the foreground; it stays as long as the container runs, with its exit status. */
export function startCrun(sys: System, options: CrunOptions): RunningContainer {
  const { id, bundle, output } = options;
  const log = `${bundle}/crun.log`;
  const pidFile = `${bundle}/${PID_FILE}`;
  const restoreTerminal = [0, 1, 2].map((fd) => sys.kernel.rememberTerminal(fd));
  // Of a run before, when a service starts again.
  for (const path of [log, pidFile]) removeOptional(path);
  const watch = watchForFile(bundle, PID_FILE);
  const stream = output === "console" ? "inherit" : "piped";
  let crun: Process;
  try {
    crun = sys.spawn.start(
      [
        ...CRUN,
        `--log=${log}`,
        "run",
        `--bundle=${bundle}`,
        `--pid-file=${pidFile}`,
        id,
      ],
      { stdin: options.stdin ? "inherit" : "null", stdout: stream, stderr: stream },
    );
  } catch (error) {
    watch.close();
    throw error;
  }
  let isOver = false;
  const ended = crun.status.then((status): ContainerEnd => {
    isOver = true;
    // crun makes the terminal raw and its files non-blocking, for the agent as well.
    if (output === "console") { for (const restore of restoreTerminal) restore(); }
    watch.close();
    // Written when the container's process is about to run its program.
    return isPresent(pidFile)
      ? { kind: "exited", status }
      : { kind: "failed", error: renderRuntimeError(readOptionalText(log) ?? "") };
  });
  const wait = (ms: number) => waitUpTo(sys.clock, ended, ms);
  const stop = async (signal: number, graceMs: number): Promise<ContainerEnd> => {
    if (isOver) return await ended;
    const end = await killContainer(sys, id, signal).then(() => wait(graceMs));
    if (end) return end;
    await killContainer(sys, id, SIGKILL);
    const killed = await wait(KILL_GRACE_MS);
    if (killed) return killed;
    crun.kill("SIGKILL");
    return await ended;
  };
  return {
    ended,
    started: watch.appeared.catch(() => isPresent(pidFile)),
    get stdout() {
      return crun.stdout;
    },
    get stderr() {
      return crun.stderr;
    },
    stop,
    async [Symbol.asyncDispose]() {
      if (!isOver) await stop(SIGKILL, KILL_GRACE_MS);
      // A crun that ended by itself has cleaned up.
      if (isPresent(`${STATE_FOLDER}/${id}`)) {
        await sys.spawn.run([...CRUN, "delete", "--force", id]);
      }
    },
  };
}

/** By number: crun knows every signal, Deno does not. */
async function killContainer(sys: System, id: string, signal: number): Promise<void> {
  try {
    await sys.spawn.run([...CRUN, "kill", id, String(signal)]);
  } catch (error) {
    // It has just ended, or has not begun; the caller waits and kills in any case.
    if (!(error instanceof CommandError)) throw error;
  }
}
