/** An archive to boot with, made of a few files. */
import { type Entry, renderCpio } from "../../initramfs/build/cpio.ts";

/**
 * Writes an uncompressed initramfs archive.
 * @param files texts of files by their paths, without a slash in front
 */
export async function writeArchive(
  path: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const encoder = new TextEncoder();
  const entries = Object.entries(files).map(([name, text]): Entry => ({
    kind: "file",
    path: name,
    mode: 0o755,
    data: encoder.encode(text),
  }));
  await Deno.writeFile(path, renderCpio(entries, 0));
}
