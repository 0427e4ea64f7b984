/** The little of an ELF file that the builder needs (elf(5); System V ABI, chapters 4 and 5). */
import { AgentError } from "../../agent/errors.ts";

export interface Elf {
  /** `e_machine`. */
  readonly machine: number;
  /** The program that the kernel starts in its place, such as `/lib64/ld-linux-x86-64.so.2`. */
  readonly interpreter: string | undefined;
  /** Sonames of the libraries that it asks for, in its own order. */
  readonly needed: readonly string[];
  /** Where its table of sections ends: the file's end, unless something was appended. */
  readonly sectionsEnd: number;
}

const MAGIC = 0x7f454c46;
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const DYNAMIC_ENTRY_BYTES = 16;
const MAX_NAME_BYTES = 4096;

const PT = { LOAD: 1, DYNAMIC: 2, INTERP: 3 } as const;
const DT = { NULL: 0n, NEEDED: 1n, STRTAB: 5n } as const;

/** True when the bytes start like an ELF file. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && viewOf(bytes).getUint32(0) === MAGIC;
}

/**
 * Reads a 64-bit little-endian ELF file.
 * @param name what the file is called in messages
 * @throws AgentError when it is none, or cut short, or inconsistent
 */
export function parseElf(bytes: Uint8Array, name: string): Elf {
  const view = viewOf(bytes);
  const fail = (state: string): never => {
    throw new AgentError(`Cannot read ${name} as an ELF file: ${state}`);
  };
  if (!isElf(bytes) || bytes.length < HEADER_BYTES) fail("it has no ELF header");
  if (bytes[4] !== CLASS_64 || bytes[5] !== LITTLE_ENDIAN) fail("not 64-bit little-endian");
  try {
    const segments = parseSegments(view);
    const interp = segments.find((segment) => segment.type === PT.INTERP);
    return {
      machine: view.getUint16(18, true),
      interpreter: interp && parseName(bytes, interp.offset),
      needed: parseNeeded(bytes, segments),
      sectionsEnd: parseOffset(view, 40) + view.getUint16(58, true) * view.getUint16(60, true),
    };
  } catch (error) {
    if (error instanceof RangeError) return fail("it is cut short or damaged");
    throw error;
  }
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function parseSegments(view: DataView): readonly Segment[] {
  const start = parseOffset(view, 32);
  const entrySize = view.getUint16(54, true);
  const count = view.getUint16(56, true);
  if (count > 0 && entrySize < PROGRAM_HEADER_BYTES) throw new RangeError("program headers");
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * entrySize;
    return {
      type: view.getUint32(at, true),
      offset: parseOffset(view, at + 8),
      address: parseOffset(view, at + 16),
      size: parseOffset(view, at + 32),
    };
  });
}

function parseNeeded(bytes: Uint8Array, segments: readonly Segment[]): readonly string[] {
  const dynamic = segments.find((segment) => segment.type === PT.DYNAMIC);
  if (!dynamic) return [];
  const view = viewOf(bytes);
  const names: number[] = [];
  let strings: number | undefined;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += DYNAMIC_ENTRY_BYTES) {
    const tag = view.getBigUint64(at, true);
    if (tag === DT.NULL) break;
    if (tag === DT.NEEDED) names.push(parseOffset(view, at + 8));
    if (tag === DT.STRTAB) strings = planFileOffset(parseOffset(view, at + 8), segments);
  }
  if (names.length === 0) return [];
  if (strings === undefined) throw new RangeError("no string table");
  const table = strings;
  return names.map((offset) => parseName(bytes, table + offset));
}

/** Where an address of the running program lies in its file. */
function planFileOffset(address: number, segments: readonly Segment[]): number | undefined {
  const segment = segments.find((each) =>
    each.type === PT.LOAD && address >= each.address && address < each.address + each.size
  );
  return segment && address - segment.address + segment.offset;
}

function parseName(bytes: Uint8Array, offset: number): string {
  const end = bytes.indexOf(0, offset);
  if (offset >= bytes.length || end < 0 || end - offset > MAX_NAME_BYTES) {
    throw new RangeError("name");
  }
  return new TextDecoder().decode(bytes.subarray(offset, end));
}

function parseOffset(view: DataView, at: number): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw new RangeError("offset");
  return value;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
