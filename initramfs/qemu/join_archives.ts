/** Several initramfs archives in one file: the kernel unpacks them over each other, in order. */

/** An uncompressed archive must start at a multiple of this (initramfs buffer format). */
const ALIGNMENT = 4;

/**
 * Writes the archives one after the other into a file.
 * @param paths cpio archives, compressed or not
 */
export async function joinArchives(paths: readonly string[], file: string): Promise<void> {
  using out = await Deno.open(file, { write: true, create: true, truncate: true });
  let size = 0;
  const append = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) at += await out.write(bytes.subarray(at));
    size += bytes.length;
  };
  for (const path of paths) {
    using archive = await Deno.open(path);
    for await (const chunk of archive.readable) await append(chunk);
    // Zeros between archives are skipped.
    await append(new Uint8Array(planPadding(size)));
  }
}

/** How many bytes are missing to the next place where an archive may start. */
export function planPadding(size: number): number {
  return (ALIGNMENT - size % ALIGNMENT) % ALIGNMENT;
}
