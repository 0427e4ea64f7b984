/** Bytes as text of one character each: nothing is lost, and they can be a Map's key. Pure. */

/** Arguments that a call surely takes. */
const CHUNK = 4096;

/** The text of the bytes from `from` up to `to`. */
export function latin1Text(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = "";
  for (let at = from; at < to; at += CHUNK) {
    // All at once: character by character, long names would leave a heap of pieces.
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + CHUNK, to)));
  }
  return text;
}

/** The bytes of such a text. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
