/** Bytes of tar headers. */

/** Text as UTF-8; bytes as they stand. */
export function toBytes(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Octal digits and a NUL where the number fits, else base-256 as GNU writes it. */
export function encodeNumber(header: Uint8Array, at: number, length: number, value: number): void {
  const octal = value >= 0 ? value.toString(8).padStart(length - 1, "0") : "";
  if (value >= 0 && octal.length < length) {
    header.set(toBytes(octal), at);
    header[at + length - 1] = 0;
    return;
  }
  let rest = BigInt(value);
  for (let i = length - 1; i >= 0; i--) {
    header[at + i] = Number(rest & 0xffn);
    rest >>= 8n; // of a negative number: stays -1
  }
  header[at] = value < 0 ? 0xff : header[at]! | 0x80;
}
