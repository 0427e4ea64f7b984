/** Numbers in tar headers: octal text (POSIX) or base-256 (GNU, star). Pure. */

/**
 * Reads a number field. Octal digits may stand between spaces and NULs; all blank means 0. A set
 * top bit means base-256: big-endian two's complement in the other bits.
 * @returns undefined when the field is malformed, or beyond ±2^53
 */
export function parseTarNumber(block: Uint8Array, at: number, length: number): number | undefined {
  return (block[at]! & 0x80) !== 0
    ? parseBase256(block, at, length)
    : parseOctal(block, at, length);
}

/** As {@linkcode parseTarNumber}, octal only: the form the checksum always has. */
export function parseOctal(block: Uint8Array, at: number, length: number): number | undefined {
  let end = at + length;
  while (at < end && isBlank(block[at]!)) at++;
  while (end > at && isBlank(block[end - 1]!)) end--;
  let value = 0;
  for (; at < end; at++) {
    const byte = block[at]!;
    // Some writers end a field with NUL and leave bytes of an older value behind it.
    if (byte === 0) break;
    if (byte < 0x30 || byte > 0x37) return undefined;
    value = value * 8 + (byte - 0x30);
  }
  return Number.isSafeInteger(value) ? value : undefined;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0;
}

function parseBase256(block: Uint8Array, at: number, length: number): number | undefined {
  const first = block[at]!;
  // The top bit is the mark, not a part of the number; the one below it is the sign.
  let value = (first & 0x40) !== 0 ? first - 256 : first & 0x7f;
  for (let i = at + 1; i < at + length; i++) {
    value = value * 256 + block[i]!;
    if (!Number.isSafeInteger(value)) return undefined;
  }
  return value;
}
