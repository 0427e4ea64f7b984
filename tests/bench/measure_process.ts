/** Runs programs and tells how long they took and how much memory they had. */
import { CommandError } from "../../agent/errors.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { readTail } from "../../agent/sys/spawn.ts";

export interface Measured {
  readonly ms: number;
  /** User and system time of all threads. */
  readonly cpuMs: number;
  /** The most that was resident at a time. */
  readonly peakBytes: number;
}

/**
 * How often the kernel's own records of a process are read: they end with it, so that what happens
 * between the last look and its end is not seen.
 */
const LOOK_MS = 5;
const CLOCK_TICKS = 100; // a second; the same on every Linux
const STDERR_TAIL_BYTES = 4096;

/**
 * Runs programs one after the other. Times add up; of peaks the highest counts.
 * @throws CommandError when one fails
 */
export async function measureProcesses(
  commands: readonly (readonly string[])[],
): Promise<Measured> {
  let ms = 0, cpuMs = 0, peakBytes = 0;
  for (const argv of commands) {
    const one = await measureProcess(argv);
    ms += one.ms;
    cpuMs += one.cpuMs;
    peakBytes = Math.max(peakBytes, one.peakBytes);
  }
  return { ms, cpuMs, peakBytes };
}

async function measureProcess(argv: readonly string[]): Promise<Measured> {
  const start = performance.now();
  await using child = realSpawn.start(argv, { stderr: "piped" });
  const stderr = readTail(child.stderr, STDERR_TAIL_BYTES);
  let peakBytes = 0, cpuMs = 0;
  const look = setInterval(() => {
    try {
      const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
      // VmHWM: the high-water mark of the resident set, kept by the kernel (proc_pid_status(5)).
      peakBytes = Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? peakBytes / 1024) * 1024;
      const stat = Deno.readTextFileSync(`/proc/${child.pid}/stat`);
      const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
      cpuMs = (Number(user) + Number(system)) * 1000 / CLOCK_TICKS || cpuMs;
    } catch (error) {
      // It has ended; its status tells how.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }, LOOK_MS);
  try {
    const status = await child.status;
    const ms = performance.now() - start;
    if (status !== 0) throw new CommandError(argv, status, await stderr);
    return { ms, cpuMs, peakBytes };
  } finally {
    clearInterval(look);
  }
}
