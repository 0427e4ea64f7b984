/** What PID 1 owes the machine: it buries the processes whose parents are gone. */
import type { System } from "./system.ts";

/**
 * Reaps orphans until disposed. Deno waits for its own children by pid, so a waitpid(-1) would
 * steal them; orphans are found in /proc instead, and taken one by one.
 */
export function reapOrphans(sys: System): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Signals of many deaths arrive as one, and may arrive before the process is a zombie.
  const onDeath = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const pid of readZombies("/proc", 1)) {
        if (!sys.spawn.isOwnChild(pid)) sys.kernel.reap(pid);
      }
    }, REAP_DELAY_MS);
  };
  Deno.addSignalListener("SIGCHLD", onDeath);
  return {
    [Symbol.dispose]() {
      Deno.removeSignalListener("SIGCHLD", onDeath);
      clearTimeout(timer);
    },
  };
}

const REAP_DELAY_MS = 50;

/** Process ids of the zombies whose parent is `parent`. */
function readZombies(proc: string, parent: number): readonly number[] {
  const zombies: number[] = [];
  for (const entry of Deno.readDirSync(proc)) {
    if (!/^[0-9]+$/.test(entry.name)) continue;
    let text: string;
    try {
      text = Deno.readTextFileSync(`${proc}/${entry.name}/stat`);
    } catch {
      continue; // It went away since the folder was read.
    }
    const stat = parseStat(text);
    if (stat?.state === "Z" && stat.parent === parent) zombies.push(Number(entry.name));
  }
  return zombies;
}

/** Parses /proc/PID/stat (proc_pid_stat(5)); the name may hold spaces and parentheses. */
export function parseStat(text: string): { state: string; parent: number } | undefined {
  const match = /^\d+ \(.*\) (\S) (\d+) /s.exec(text);
  return match ? { state: match[1]!, parent: Number(match[2]) } : undefined;
}
