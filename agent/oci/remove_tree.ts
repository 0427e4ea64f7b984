/** Removes what lies at a name, whatever it is. */
import { EISDIR } from "../sys/errno.ts";
import { type FileCalls, O } from "../sys/file_calls.ts";

const PARENT = new TextEncoder().encode("..\0");

/**
 * Removes a name, and everything below it if it is a folder. Follows no symlink, and holds one
 * folder open at a time, however deep they are nested.
 * @param name bytes that end in NUL
 * @returns 0, or −errno
 */
export function removeTree(calls: FileCalls, folder: number, name: Uint8Array): number {
  const removed = calls.unlink(folder, name);
  if (removed !== -EISDIR) return removed;
  let at = calls.open(folder, name, O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0);
  if (at < 0) return at;
  const trail: Uint8Array[] = []; // names from there to where we are
  const entries = new Uint8Array(32 * 1024);
  try {
    for (;;) {
      const next = removeFiles(calls, at, entries);
      if (typeof next === "object") {
        trail.push(next);
        at = step(calls, at, next);
      } else if (next < 0) {
        return next;
      } else {
        const emptied = trail.pop();
        if (emptied === undefined) return calls.removeFolder(folder, name);
        at = step(calls, at, PARENT);
        const result = at < 0 ? at : calls.removeFolder(at, emptied);
        if (result < 0) return result;
      }
      if (at < 0) return at;
    }
  } finally {
    if (at >= 0) calls.close(at);
  }
}

/** Opens a folder in another and closes that. */
function step(calls: FileCalls, from: number, name: Uint8Array): number {
  const to = calls.open(from, name, O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0);
  calls.close(from);
  return to;
}

/** Removes a folder's files. Returns the first folder in it, 0 when there is none, or −errno. */
function removeFiles(calls: FileCalls, folder: number, entries: Uint8Array): Uint8Array | number {
  const view = new DataView(entries.buffer);
  for (;;) {
    const size = calls.readEntries(folder, entries);
    if (size <= 0) return size;
    for (let at = 0; at < size;) {
      // struct linux_dirent64: its length at 16, the name from 19 on
      const end = at + view.getUint16(at + 16, true);
      const name = entries.subarray(at + 19, end);
      at = end;
      if (isDots(name)) continue;
      const result = calls.unlink(folder, name);
      if (result === -EISDIR) return name.slice();
      if (result < 0) return result;
    }
  }
}

function isDots(name: Uint8Array): boolean {
  return name[0] === 0x2e && (name[1] === 0 || name[1] === 0x2e && name[2] === 0);
}
