/** Sparse files in tar: GNU's four forms (GNU tar manual, "Storing Sparse Files"). Pure. */
import { latin1Bytes } from "./latin1.ts";
import { parseCount } from "./pax.ts";
import { parseTarNumber } from "./tar_number.ts";

/** A part of a file that holds data; what is between parts is a hole. */
export interface SparsePart {
  readonly offset: number;
  readonly length: number;
}

/** More parts than a file has in practice; each costs memory. */
export const MAX_SPARSE_PARTS = 100_000;

const OLD_PARTS_AT = 386;
const OLD_PARTS = 4;
const OLD_MORE_AT = 482;
const OLD_REAL_SIZE_AT = 483;
const EXTENSION_PARTS = 21;
const EXTENSION_MORE_AT = 504;

/** The old form: parts in the header itself (type `S`), then in blocks that follow it. */
export interface OldSparse {
  readonly parts: readonly SparsePart[];
  /** Another block of parts follows. */
  readonly more: boolean;
}

/** Parts in a header of type `S`; undefined when malformed. */
export function parseOldSparse(block: Uint8Array, at: number): OldSparse | undefined {
  return parseOldParts(block, at + OLD_PARTS_AT, OLD_PARTS, at + OLD_MORE_AT);
}

/** Parts in an extension block; undefined when malformed. */
export function parseOldExtension(block: Uint8Array, at: number): OldSparse | undefined {
  return parseOldParts(block, at, EXTENSION_PARTS, at + EXTENSION_MORE_AT);
}

/** Size of the whole file in a header of type `S`; undefined when malformed. */
export function parseOldRealSize(block: Uint8Array, at: number): number | undefined {
  return parseTarNumber(block, at + OLD_REAL_SIZE_AT, 12);
}

function parseOldParts(
  block: Uint8Array,
  at: number,
  count: number,
  moreAt: number,
): OldSparse | undefined {
  const parts: SparsePart[] = [];
  for (let i = 0; i < count && block[at + i * 24] !== 0; i++) {
    const offset = parseTarNumber(block, at + i * 24, 12);
    const length = parseTarNumber(block, at + i * 24 + 12, 12);
    if (offset === undefined || length === undefined) return undefined;
    parts.push({ offset, length });
  }
  return { parts, more: block[moreAt] !== 0 };
}

/** What `GNU.sparse.*` records say: forms 0.0 and 0.1 hold the map, 1.0 has it before the data. */
export interface PaxSparse {
  /** The file's own name: that of the header is made up. */
  readonly name: Uint8Array | undefined;
  /** Size of the whole file; undefined: that of the header. */
  readonly realSize: number | undefined;
  /** Undefined: form 1.0. */
  readonly parts: readonly SparsePart[] | undefined;
}

/** Reads `GNU.sparse.*` records. Undefined: the file is not sparse. Text: what is wrong. */
export function parsePaxSparse(
  records: ReadonlyMap<string, string>,
): PaxSparse | string | undefined {
  const major = records.get("major"), minor = records.get("minor");
  const version = major === undefined && minor === undefined ? undefined : `${major}.${minor}`;
  if (version === undefined && !records.has("map")) return undefined;
  if (version !== undefined && !["0.0", "0.1", "1.0"].includes(version)) {
    return `it is sparse in the unknown form ${JSON.stringify(version)}`;
  }
  const sizeText = records.get("size") ?? records.get("realsize");
  const realSize = sizeText === undefined ? undefined : parseCount(sizeText);
  if (sizeText !== undefined && realSize === undefined) return "its sparse size is malformed";
  const nameText = records.get("name");
  if (nameText?.includes("\0")) return "its sparse name is malformed";
  const name = nameText ? latin1Bytes(nameText) : undefined;
  if (version === "1.0") return { name, realSize, parts: undefined };
  const parts = parseMapText(records.get("map") ?? "", records.get("numblocks"));
  return parts === undefined ? "its sparse map is malformed" : { name, realSize, parts };
}

function parseMapText(map: string, blocks: string | undefined): readonly SparsePart[] | undefined {
  const count = parseCount(blocks ?? "");
  const words = map === "" ? [] : map.split(",");
  if (count === undefined || words.length !== 2 * count || count > MAX_SPARSE_PARTS) {
    return undefined;
  }
  const parts: SparsePart[] = [];
  for (let i = 0; i < words.length; i += 2) {
    const offset = parseCount(words[i]!), length = parseCount(words[i + 1]!);
    if (offset === undefined || length === undefined) return undefined;
    parts.push({ offset, length });
  }
  return parts;
}

/** The map of form 1.0: a count, then offset and length of each part, a number a line. */
export class SparseMapText {
  readonly parts: SparsePart[] = [];
  #count: number | undefined;
  #offset: number | undefined;
  #digits = "";

  /** Takes a block. True: the map is complete. Undefined: it is malformed. */
  addBlock(block: Uint8Array, at: number, length: number): boolean | undefined {
    for (let i = at; i < at + length; i++) {
      if (this.#isComplete()) return true;
      if (block[i] !== 0x0a) {
        this.#digits += String.fromCharCode(block[i]!);
        if (this.#digits.length > 19) return undefined;
        continue;
      }
      const number = parseCount(this.#digits);
      if (number === undefined || number > MAX_SPARSE_PARTS && this.#count === undefined) {
        return undefined;
      }
      this.#digits = "";
      this.#take(number);
    }
    return this.#isComplete();
  }

  #isComplete(): boolean {
    return this.parts.length === this.#count;
  }

  #take(number: number): void {
    if (this.#count === undefined) this.#count = number;
    else if (this.#offset === undefined) this.#offset = number;
    else {
      this.parts.push({ offset: this.#offset, length: number });
      this.#offset = undefined;
    }
  }
}

/** True when parts lie in order, apart, within the file, and take up all the data there is. */
export function isSparseMapSound(
  parts: readonly SparsePart[],
  realSize: number,
  dataSize: number,
): boolean {
  let end = 0, sum = 0;
  for (const { offset, length } of parts) {
    if (offset < end || length < 0) return false;
    end = offset + length;
    sum += length;
  }
  return end <= realSize && sum === dataSize;
}
