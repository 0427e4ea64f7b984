/** Files that need not be there. */

/** @returns undefined when there is no such file */
export function readOptionalText(path: string): string | undefined {
  return unlessMissing(() => Deno.readTextFileSync(path));
}

/** True when there is something by that name, be it a link that leads nowhere. */
export function isPresent(path: string): boolean {
  return unlessMissing(() => Deno.lstatSync(path)) !== undefined;
}

/** Removes a file, if there is one. */
export function removeOptional(path: string): void {
  unlessMissing(() => Deno.removeSync(path));
}

function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
