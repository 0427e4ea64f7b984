/** The last step of unpacking: what folders are told only when everything lies in them. */
import { type FileCalls, O, RESOLVE } from "../sys/file_calls.ts";
import { entryError } from "./entry_error.ts";
import type { MetadataWriter } from "./file_metadata.ts";
import type { FolderList } from "./folder_list.ts";

/**
 * Applies owner, mode, xattrs and times of folders.
 * @throws ArchiveError, SyscallError
 */
export function applyFolders(
  calls: FileCalls,
  root: number,
  folders: FolderList,
  metadata: MetadataWriter,
): void {
  const resolve = RESOLVE.IN_ROOT | RESOLVE.NO_MAGICLINKS | RESOLVE.NO_SYMLINKS;
  const flags = O.RDONLY | O.DIRECTORY | O.NOFOLLOW;
  for (const record of folders.records()) {
    const folder = calls.openResolved(root, pathOf(record.name), flags, resolve);
    if (folder < 0) throw entryError("open", record, folder);
    try {
      // Two entries may name the same folder: nothing is left to what it was made with.
      metadata.apply(folder, undefined, record.metadata, record.xattrs, record);
    } finally {
      calls.close(folder);
    }
  }
}

function pathOf(name: Uint8Array): Uint8Array {
  const path = new Uint8Array(Math.max(name.length, 1) + 1);
  path[0] = 0x2e; // the root itself is "."
  path.set(name);
  return path;
}
