/** Damage to what a registry has stored, as a disk does it: same size, another byte. */

/**
 * Changes one byte in the middle of the largest blob.
 * @param folder the registry's, as docker-registry lays it out
 * @returns the blob's path
 */
export async function corruptLargestBlob(folder: string): Promise<string> {
  const root = `${folder}/docker/registry/v2/blobs/sha256`;
  let largest = { path: "", size: 0 };
  for await (const { name: prefix } of Deno.readDir(root)) {
    for await (const { name } of Deno.readDir(`${root}/${prefix}`)) {
      const path = `${root}/${prefix}/${name}/data`;
      const { size } = await Deno.stat(path);
      if (size > largest.size) largest = { path, size };
    }
  }
  const bytes = await Deno.readFile(largest.path);
  const middle = bytes.length >> 1;
  bytes[middle] = bytes[middle]! ^ 1;
  await Deno.writeFile(largest.path, bytes);
  return largest.path;
}
