/** Makes an entry of a header and the extended headers before it. Pure. */
import type { EntryKind, TarEntry } from "./tar_entry.ts";
import type { Extensions } from "./tar_extensions.ts";
import { parseDevice, type TarHeader } from "./tar_header.ts";
import { parseOldRealSize, parseOldSparse, parsePaxSparse, type SparsePart } from "./sparse.ts";

/** An entry, and what the reader must know of its body. */
export interface SoundEntry {
  readonly problem: undefined;
  readonly name: Uint8Array;
  readonly entry: TarEntry;
  /** Bytes that follow the header (and, with `moreParts`, the blocks after that). */
  readonly bodySize: number;
  readonly sparse: SparsePlan | undefined;
}

interface SparsePlan {
  /** Size of the file, holes included. */
  readonly realSize: number;
  /** Undefined: the map leads the body. */
  readonly parts: readonly SparsePart[] | undefined;
  /** Blocks with more parts come before the body. */
  readonly moreParts: boolean;
}

export type PlannedEntry = SoundEntry | {
  /** What is wrong with it. */
  readonly problem: string;
  readonly name: Uint8Array;
};

const TYPE_V7 = 0;
const TYPE_SPARSE = 0x53; // S
const KINDS: ReadonlyMap<number, EntryKind> = new Map([
  [TYPE_V7, "file"],
  [0x30, "file"],
  [0x31, "hardlink"],
  [0x32, "symlink"],
  [0x33, "character"],
  [0x34, "block"],
  [0x35, "folder"],
  [0x36, "fifo"],
  [0x37, "file"], // "contiguous"
  [TYPE_SPARSE, "file"],
]);

/** Linux keeps 12 bits of major and 20 of minor. */
const MAX_MAJOR = 0xfff;
const MAX_MINOR = 0xfffff;
/** 2^32−1 means "leave it" to chown(2). */
const MAX_ID = 0xfffffffe;

const NO_TARGET = new Uint8Array(0);

/** Makes an entry; its `problem` tells when that cannot be done. */
export function planEntry(
  header: TarHeader,
  block: Uint8Array,
  at: number,
  extensions: Extensions,
): PlannedEntry {
  const { pax, longName, longLink } = extensions;
  const sparse = planSparse(header, block, at, extensions);
  const sparseName = typeof sparse === "object" ? sparse.name : undefined;
  const name = sparseName ?? longName ?? pax.path ?? header.name;
  const refuse = (problem: string): PlannedEntry => ({ problem, name });
  if (typeof sparse === "string") return refuse(sparse);

  const kind = chooseKind(header, name);
  if (kind === undefined) {
    const type = String.fromCharCode(header.typeflag);
    return refuse(`its type ${JSON.stringify(type)} is not supported`);
  }
  const uid = pax.uid ?? header.uid, gid = pax.gid ?? header.gid;
  if (uid < 0 || uid > MAX_ID) return refuse(`its owner ${uid} is out of range`);
  if (gid < 0 || gid > MAX_ID) return refuse(`its group ${gid} is out of range`);
  if (header.mode < 0) return refuse(`its mode ${header.mode} is out of range`);

  let major = 0, minor = 0;
  if (kind === "character" || kind === "block") {
    const device = parseDevice(block, at, header.format);
    if (device === undefined) return refuse("its device number is malformed");
    ({ major, minor } = device);
    if (major < 0 || major > MAX_MAJOR || minor < 0 || minor > MAX_MINOR) {
      return refuse(`its device number ${major}:${minor} is out of range`);
    }
  }

  // Only files have a body, and v7's folders may; in other headers a size means nothing.
  const hasBody = kind === "file" || header.typeflag === TYPE_V7;
  const bodySize = hasBody ? pax.size ?? header.size : 0;
  if (bodySize < 0) return refuse(`its size ${bodySize} is negative`);

  return {
    problem: undefined,
    name,
    entry: {
      kind,
      // A copy where the block is gone before the entry is told: more of the map comes first.
      name: sparse === undefined ? name : name.slice(),
      target: kind === "symlink" || kind === "hardlink"
        ? longLink ?? pax.linkpath ?? header.target
        : NO_TARGET,
      mode: header.mode & 0o7777,
      uid,
      gid,
      seconds: pax.time?.seconds ?? header.seconds,
      nanoseconds: pax.time?.nanoseconds ?? 0,
      size: kind !== "file" ? 0 : sparse?.realSize ?? bodySize,
      sparse: sparse !== undefined,
      major,
      minor,
      xattrs: pax.xattrs.size === 0 ? [] : [...pax.xattrs.values()],
    },
    bodySize,
    sparse,
  };
}

function chooseKind(header: TarHeader, name: Uint8Array): EntryKind | undefined {
  // v7 has no type for folders.
  if (header.typeflag === TYPE_V7 && name.at(-1) === 0x2f) return "folder";
  return KINDS.get(header.typeflag);
}

/** Undefined: not sparse. Text: what is wrong. */
function planSparse(
  header: TarHeader,
  block: Uint8Array,
  at: number,
  { pax }: Extensions,
): SparsePlan & { readonly name: Uint8Array | undefined } | string | undefined {
  if (header.typeflag === TYPE_SPARSE) {
    const old = header.format === "gnu" ? parseOldSparse(block, at) : undefined;
    const realSize = parseOldRealSize(block, at);
    if (old === undefined || realSize === undefined || realSize < 0) {
      return "its sparse map is malformed";
    }
    return { name: undefined, realSize, parts: old.parts, moreParts: old.more };
  }
  if (pax.sparse.size === 0 || KINDS.get(header.typeflag) !== "file") return undefined;
  const fromPax = parsePaxSparse(pax.sparse);
  if (typeof fromPax !== "object") return fromPax;
  const { name, parts, realSize = pax.size ?? header.size } = fromPax;
  return { name, realSize, parts, moreParts: false };
}
