/** Reads all files below a folder. */
import { readStat } from "../read_stat.ts";

/**
 * Paths relative to the folder, to contents. Nothing, where there is no such folder.
 * @param accept whether a file counts, by its relative path
 */
export async function readTree(
  folder: string,
  accept: (path: string) => boolean = () => true,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const visit = async (prefix: string): Promise<void> => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(`${folder}/${prefix}`)) {
      const path = `${prefix}${name}`;
      if (isDirectory) await visit(`${path}/`);
      else if (isFile && accept(path)) files.set(path, await Deno.readFile(`${folder}/${path}`));
    }
  };
  if (await readStat(folder)) await visit("");
  return files;
}
