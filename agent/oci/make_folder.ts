/** Folders of a layer, and the mark that hides what lower layers have there. */
import { EEXIST, ENOENT } from "../sys/errno.ts";
import { type FileCalls, type FileStat, O, S } from "../sys/file_calls.ts";
import { removeTree } from "./remove_tree.ts";

/** Of folders that no entry describes, and of all until their own metadata is applied. */
export const FOLDER_MODE = 0o755;

const encoder = new TextEncoder();
const OPAQUE_XATTR = encoder.encode("trusted.overlay.opaque\0");
const YES = encoder.encode("y");

/**
 * Makes a folder, in place of anything there that is none. Entries of a layer count in their
 * order, so what was there had hidden the lower layers' folder: the new one is made opaque.
 * @param name bytes that end in NUL
 * @returns 0 when it was made, 1 when it was there, 2 when something made way for it, or −errno
 */
export function makeFolderInPlace(calls: FileCalls, parent: number, name: Uint8Array): number {
  const made = calls.makeFolder(parent, name, FOLDER_MODE);
  if (made !== -EEXIST) return made;
  const stat: FileStat = { mode: 0, inode: 0n, major: 0, minor: 0 };
  const result = calls.stat(parent, name, stat);
  if (result < 0) return result;
  if ((stat.mode & S.IFMT) === S.IFDIR) return 1;
  const removed = removeTree(calls, parent, name);
  if (removed < 0 && removed !== -ENOENT) return removed;
  const again = calls.makeFolder(parent, name, FOLDER_MODE);
  if (again < 0) return again;
  const marked = markOpaque(calls, parent, name);
  return marked < 0 ? marked : 2;
}

/**
 * Hides what lower layers have in a folder (overlayfs, "whiteouts and opaque directories").
 * @returns 0, or −errno
 */
export function markOpaque(calls: FileCalls, parent: number, name: Uint8Array): number {
  const folder = calls.open(parent, name, O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0);
  if (folder < 0) return folder;
  const result = calls.setXattr(folder, OPAQUE_XATTR, YES);
  calls.close(folder);
  return result;
}
