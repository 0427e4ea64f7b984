/** Bytes as text of one character each: nothing is lost, and they can be a Map's key. Pure. */

/** The text of the bytes from `from` up to `to`. */
export function latin1Text(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = "";
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

/** The bytes of such a text. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
