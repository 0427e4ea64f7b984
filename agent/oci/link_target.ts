/** What the hard links of a layer point to. */
import { ArchiveError } from "../errors.ts";
import { ENOENT, ENOTDIR } from "../sys/errno.ts";
import { type FileCalls, type FileStat, S } from "../sys/file_calls.ts";
import { entryError } from "./entry_error.ts";
import { EntryName, renderName } from "./entry_name.ts";
import type { Parent, PathInRoot } from "./path_in_root.ts";
import type { TarEntry } from "./tar_entry.ts";

export interface LinkTarget {
  readonly parent: Parent;
  /** In that folder; ends in NUL. */
  readonly name: Uint8Array;
  readonly inode: bigint;
}

/**
 * Finds the file that a hard link names, from the root of the layer.
 * @throws ArchiveError when there is none: layers are unpacked apart from each other, so that a
 *   file of a lower one cannot be linked to
 */
export function findLinkTarget(calls: FileCalls, paths: PathInRoot, entry: TarEntry): LinkTarget {
  const refuse = (reason: string): never => {
    const what = `it is a hard link to ${renderName(entry.target)}, which ${reason}`;
    throw new ArchiveError(renderName(entry.name), what);
  };
  const name = new EntryName();
  const problem = name.parse(entry.target, true);
  if (problem !== undefined || name.baseLength === 0) refuse("is no name of a file");
  const parent = paths.open(name.parent, name.parentLength, false);
  if (typeof parent === "number") {
    if (parent === -ENOENT || parent === -ENOTDIR) refuse("is not in this layer");
    throw entryError("find what it links to, of", entry, parent);
  }
  const stat: FileStat = { mode: 0, inode: 0n, major: 0, minor: 0 };
  const found = calls.stat(parent.folder, name.base, stat);
  if (found === -ENOENT) refuse("is not in this layer");
  if (found < 0) throw entryError("find what it links to, of", entry, found);
  const type = stat.mode & S.IFMT;
  if (type === S.IFDIR) refuse("is a folder");
  if (type === S.IFCHR && stat.major === 0 && stat.minor === 0) refuse("the layer removes");
  return { parent, name: name.base, inode: stat.inode };
}
