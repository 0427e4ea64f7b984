/** What tells whether anything has changed: contents, never times. */
import { createHash } from "node:crypto";

/**
 * One hash over named pieces. Their order does not count; their names do.
 * @returns sha256, hexadecimal
 */
export function fingerprintOf(pieces: ReadonlyMap<string, Uint8Array | string>): string {
  const hash = createHash("sha256");
  for (const name of [...pieces.keys()].sort()) {
    const content = pieces.get(name)!;
    // Each with its hash: no two lists of pieces may run together to the same text.
    hash.update(JSON.stringify([name, sha256Of(content)]));
  }
  return hash.digest("hex");
}

/** sha256, hexadecimal. */
export function sha256Of(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
