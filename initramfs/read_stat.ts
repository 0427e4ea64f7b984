/** What is at a path, where nothing is one of the answers. */

/** @returns undefined when there is nothing; symbolic links are followed */
export async function readStat(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}
