/** Compressed archives, kept: only what has changed is compressed again. */
import { readStat } from "../read_stat.ts";
import { type Compression, renderFrame } from "./compress.ts";
import { type Entry, renderCpio } from "./cpio.ts";
import { sha256Of } from "./fingerprint.ts";
import { writeWholeFolder } from "./write_whole.ts";

/**
 * Renders and compresses an archive. The cache keeps one for each name and compression.
 * @param name part of a file's name
 * @param mtime the time of everything in it, seconds since 1970
 */
export async function writeSegment(
  name: string,
  entries: readonly Entry[],
  mtime: number,
  compression: Compression,
  cacheDir: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const archive = renderCpio(entries, mtime);
  const slot = `${cacheDir}/segments/${name}-${compression.level}-${compression.windowLog}`;
  const key = sha256Of(archive);
  if (await readStat(`${slot}/${key}`)) return await Deno.readFile(`${slot}/${key}`);
  const frame = renderFrame(archive, compression);
  await writeWholeFolder(slot, (folder) => Deno.writeFile(`${folder}/${key}`, frame));
  return frame;
}
