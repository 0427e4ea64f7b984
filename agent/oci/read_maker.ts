/** What this process gives to the files it makes. */
import type { Maker } from "./file_metadata.ts";

/** Reads owner and umask. From /proc, as asking for the umask means to set it for a moment. */
export function readMaker(): Maker {
  const status = Deno.readTextFileSync("/proc/self/status");
  const umask = /^Umask:\s*([0-7]+)$/m.exec(status)?.[1];
  return {
    uid: Deno.uid() ?? 0,
    gid: Deno.gid() ?? 0,
    // All bits: then no mode counts as right before it is set.
    umask: umask === undefined ? 0o777 : parseInt(umask, 8),
  };
}
