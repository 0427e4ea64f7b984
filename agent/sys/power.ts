/** The end of the machine: nothing runs, nothing is mounted, everything is on the disk. */
import { describe } from "../errors.ts";
import type { Logger } from "../log.ts";
import { MNT, REBOOT } from "./kernel.ts";
import { isNotMounted, parseMounts } from "./mounts.ts";
import type { System } from "./system.ts";

export type PowerMode = "poweroff" | "reboot" | "halt";

/** These live in memory and hold nothing that could be lost; the root cannot go anyway. */
const NOT_WORTH_UNMOUNTING = new Set([
  "rootfs",
  "proc",
  "sysfs",
  "devtmpfs",
  "devpts",
  "mqueue",
  "cgroup2",
  "securityfs",
  "debugfs",
  "tracefs",
  "bpf",
]);

const SYNC_LIMIT_MS = 30_000;
const STOP_POLL_MS = 20;

/** Processes other than this one and the kernel's own threads. */
function readProcesses(): readonly number[] {
  const found: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^[0-9]+$/.test(name) || Number(name) === Deno.pid) continue;
    try {
      // A kernel thread and a zombie have no command line.
      if (Deno.readTextFileSync(`/proc/${name}/cmdline`) !== "") found.push(Number(name));
    } catch {
      continue; // It ended since the folder was read.
    }
  }
  return found;
}

function killAll(signal: Deno.Signal): void {
  for (const pid of readProcesses()) {
    try {
      Deno.kill(pid, signal);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** Ends what still runs: SIGTERM, and after the grace SIGKILL. */
export async function stopProcesses(sys: System, graceMs: number): Promise<void> {
  for (const [signal, limitMs] of [["SIGTERM", graceMs], ["SIGKILL", 1000]] as const) {
    if (readProcesses().length === 0) return;
    killAll(signal);
    const deadline = sys.clock.uptime() + limitMs;
    // Foreign processes announce their end to nobody that we could ask.
    while (readProcesses().length > 0 && sys.clock.uptime() < deadline) {
      await sys.clock.sleep(STOP_POLL_MS);
    }
  }
}

/** Unmounts whatever holds data, the last mounted first: gently, then lazily, saying so. */
export function unmountAll(sys: System, log: Logger): void {
  const mounts = parseMounts(Deno.readTextFileSync("/proc/self/mounts"))
    .filter(({ type, target }) => target !== "/" && !NOT_WORTH_UNMOUNTING.has(type));
  for (const { target, type } of mounts.reverse()) {
    try {
      sys.kernel.unmount(target, 0);
    } catch (error) {
      if (isNotMounted(error)) continue;
      // A RAM disk that is in use, /run for example, loses nothing.
      if (type !== "tmpfs") log.warn(`${target} is still in use: unmounting it lazily`);
      try {
        sys.kernel.unmount(target, MNT.DETACH);
      } catch (lazy) {
        log.warn(describe(lazy));
      }
    }
  }
}

/** Writes everything back, for half a minute at most. */
export async function syncDisks(sys: System, log: Logger): Promise<void> {
  const limit = new AbortController();
  const done = sys.kernel.sync().then(() => true);
  const late = sys.clock.sleep(SYNC_LIMIT_MS, limit.signal).then(() => false, () => true);
  if (!await Promise.race([done, late])) {
    log.error(`Cannot write everything back: a disk did not answer in ${SYNC_LIMIT_MS / 1000} s`);
  }
  limit.abort();
}

/** The last call. It does not come back. */
export async function powerOff(sys: System, log: Logger, mode: PowerMode): Promise<never> {
  const command = { poweroff: REBOOT.POWER_OFF, reboot: REBOOT.RESTART, halt: REBOOT.HALT }[mode];
  try {
    sys.kernel.reboot(command);
  } catch (error) {
    log.error(describe(error));
  }
  // A machine that cannot switch itself off stays; PID 1 must not end.
  for (;;) await sys.clock.sleep(3_600_000);
}
