/** When and as what this archive was built. */

const RELEASE_FILE = "/etc/b2c-release";

/**
 * The build date of the archive.
 * @returns milliseconds since 1970; 0 when the archive does not say
 */
export function readBuildEpoch(): number {
  try {
    const seconds = /^BUILD_EPOCH=(\d+)$/m.exec(Deno.readTextFileSync(RELEASE_FILE))?.[1];
    return Number(seconds ?? 0) * 1000;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
