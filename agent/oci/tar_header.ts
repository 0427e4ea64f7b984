/** The 512-byte headers of tar: v7, ustar (POSIX), GNU and star. Pure. */
import { parseOctal, parseTarNumber } from "./tar_number.ts";

export const BLOCK_BYTES = 512;

/** A header block, taken literally: extended headers are not applied yet. */
export interface TarHeader {
  readonly format: "v7" | "ustar" | "gnu" | "star";
  /** The character that tells the type, such as 0x30 (`0`) for a file. */
  readonly typeflag: number;
  readonly name: Uint8Array;
  readonly target: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of what follows, for types that have a body. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly seconds: number;
}

/** Where fields lie and how long they are (pax(1), "ustar Interchange Format"). */
const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  target: [157, 100],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
  starPrefix: [345, 131],
} as const;
const TYPEFLAG_AT = 156;

/** True when a block is all zero: half of an archive's end. */
export function isZeroBlock(block: Uint8Array, at: number): boolean {
  for (let i = at; i < at + BLOCK_BYTES; i++) if (block[i] !== 0) return false;
  return true;
}

/**
 * Reads a header.
 * @returns the header, or what is wrong with it. Its names are parts of `block`, not copies
 */
export function parseTarHeader(block: Uint8Array, at: number): TarHeader | string {
  if (!isChecksumRight(block, at)) return "its header has a wrong checksum";
  const format = chooseFormat(block, at);
  const mode = parseTarNumber(block, at + FIELD.mode[0], FIELD.mode[1]);
  const uid = parseTarNumber(block, at + FIELD.uid[0], FIELD.uid[1]);
  const gid = parseTarNumber(block, at + FIELD.gid[0], FIELD.gid[1]);
  const size = parseTarNumber(block, at + FIELD.size[0], FIELD.size[1]);
  const seconds = parseTarNumber(block, at + FIELD.mtime[0], FIELD.mtime[1]);
  if (mode === undefined) return "its header has a malformed mode";
  if (uid === undefined || gid === undefined) return "its header has a malformed owner";
  if (size === undefined) return "its header has a malformed size";
  if (seconds === undefined) return "its header has a malformed time";
  return {
    format,
    typeflag: block[at + TYPEFLAG_AT]!,
    name: readName(block, at, format),
    target: readText(block, at + FIELD.target[0], FIELD.target[1]),
    mode,
    uid,
    gid,
    size,
    seconds,
  };
}

/** Device numbers of a header; undefined when malformed. v7 has none: 0, 0. */
export function parseDevice(
  block: Uint8Array,
  at: number,
  format: TarHeader["format"],
): { readonly major: number; readonly minor: number } | undefined {
  if (format === "v7") return { major: 0, minor: 0 };
  const major = parseTarNumber(block, at + FIELD.major[0], FIELD.major[1]);
  const minor = parseTarNumber(block, at + FIELD.minor[0], FIELD.minor[1]);
  return major === undefined || minor === undefined ? undefined : { major, minor };
}

function isChecksumRight(block: Uint8Array, at: number): boolean {
  const [start, length] = FIELD.checksum;
  const wanted = parseOctal(block, at + start, length);
  let sum = 8 * 0x20; // its own field counts as spaces
  for (let i = at; i < at + start; i++) sum += block[i]!;
  for (let i = at + start + length; i < at + BLOCK_BYTES; i++) sum += block[i]!;
  if (sum === wanted) return true;
  // Old writers added signed bytes.
  for (let i = at; i < at + BLOCK_BYTES; i++) {
    if (i === at + start) i += length;
    if (block[i]! > 127) sum -= 256;
  }
  return sum === wanted;
}

function chooseFormat(block: Uint8Array, at: number): TarHeader["format"] {
  if (hasText(block, at + 257, "ustar\0")) {
    return hasText(block, at + 508, "tar\0") ? "star" : "ustar";
  }
  return hasText(block, at + 257, "ustar  \0") ? "gnu" : "v7";
}

function hasText(block: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (block[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

function readName(block: Uint8Array, at: number, format: TarHeader["format"]): Uint8Array {
  const name = readText(block, at + FIELD.name[0], FIELD.name[1]);
  if (format !== "ustar" && format !== "star") return name;
  const field = format === "star" ? FIELD.starPrefix : FIELD.prefix;
  if (block[at + field[0]] === 0) return name;
  const prefix = readText(block, at + field[0], field[1]);
  const whole = new Uint8Array(prefix.length + 1 + name.length);
  whole.set(prefix);
  whole[prefix.length] = 0x2f;
  whole.set(name, prefix.length + 1);
  return whole;
}

function readText(block: Uint8Array, at: number, length: number): Uint8Array {
  let end = at;
  while (end < at + length && block[end] !== 0) end++;
  return block.subarray(at, end);
}
