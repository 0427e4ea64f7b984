/** Files that appear only when they are complete. */

/** Writes a file under another name, then gives it its own. */
export async function writeWhole(
  path: string,
  content: Uint8Array | string,
  mode = 0o644,
): Promise<void> {
  const partial = `${path}.tmp-${Deno.pid}`;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeFile(partial, bytes);
  // The mode of writeFile is for new files, and less what the umask takes.
  await Deno.chmod(partial, mode);
  await Deno.rename(partial, path);
}

/** Lets `fill` fill a folder under another name, then gives it its own; an old one is replaced. */
export async function writeWholeFolder(
  path: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const partial = `${path}.tmp-${Deno.pid}`;
  await removeTree(partial);
  await Deno.mkdir(partial, { recursive: true });
  await fill(partial);
  await removeTree(path);
  await Deno.rename(partial, path);
}

/** Removes a file or folder, if there is one. */
export async function removeTree(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
