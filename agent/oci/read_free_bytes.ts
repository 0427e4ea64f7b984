/** How much a filesystem still has room for. */
import { statfs } from "node:fs/promises";

/**
 * Reads what is free where a folder lies, for root (statfs(2)).
 * @returns bytes; undefined where the filesystem does not count, as ramfs does not
 * @throws an error of node:fs, such as ENOENT
 */
export async function readFreeBytes(folder: string): Promise<number | undefined> {
  const { blocks, bfree, bsize } = await statfs(folder);
  return blocks === 0 ? undefined : bfree * bsize;
}
