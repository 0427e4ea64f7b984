/**
 * A cpio archive in the "newc" form, the one that the kernel unpacks as its initramfs
 * (Documentation/driver-api/early-userspace/buffer-format.rst).
 */
import { AgentError, assertNever } from "../../agent/errors.ts";

/** One thing in an archive. `path` has no slash in front; `mode` is the permission bits. */
export type Entry =
  | {
    readonly kind: "file";
    readonly path: string;
    readonly mode: number;
    readonly data: Uint8Array;
    /** Where it comes from, for the manifest: a package's name. */
    readonly package?: string;
  }
  | { readonly kind: "folder"; readonly path: string; readonly mode: number }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  /** A character device. */
  | {
    readonly kind: "device";
    readonly path: string;
    readonly mode: number;
    readonly major: number;
    readonly minor: number;
  };

/** stat(2), S_IFMT. */
const TYPE_BITS = { file: 0o100000, folder: 0o040000, link: 0o120000, device: 0o020000 } as const;

const HEADER_BYTES = 110;
const ALIGNMENT = 4;
/** cpio's own block size: tools warn when an archive ends elsewhere. */
const BLOCK_BYTES = 512;
/** Sizes are eight hexadecimal digits. */
const MAX_BYTES = 0xffff_ffff;
const TRAILER = "TRAILER!!!";

const encoder = new TextEncoder();

/**
 * Renders an archive: sorted by path, every time `mtime`, owner 0, no hard links, so that the same
 * entries always give the same bytes. Missing parent folders are added with mode 755.
 * @param mtime seconds since 1970
 * @throws AgentError for two entries at one path, a path that is not relative and clean, too much data
 */
export function renderCpio(entries: readonly Entry[], mtime: number): Uint8Array<ArrayBuffer> {
  const all = planEntries(entries);
  const parts: Uint8Array[] = [];
  all.forEach((entry, index) => pushEntry(parts, entry, index + 1, mtime));
  const trailer = renderHeader({ name: TRAILER, inode: 0, mode: 0, links: 1, mtime: 0, size: 0 });
  parts.push(trailer, padding(trailer.length, ALIGNMENT));
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const archive = new Uint8Array(size + padding(size, BLOCK_BYTES).length);
  let at = 0;
  for (const part of parts) {
    archive.set(part, at);
    at += part.length;
  }
  return archive;
}

/** The entries with their parent folders, in the archive's order. */
export function planEntries(entries: readonly Entry[]): readonly Entry[] {
  const byPath = new Map<string, Entry>();
  for (const entry of entries) {
    if (!isCleanPath(entry.path)) {
      throw new AgentError(`Cannot archive ${JSON.stringify(entry.path)}: no clean relative path`);
    }
    if (byPath.has(entry.path)) {
      throw new AgentError(`Cannot archive ${entry.path}: it is there twice`);
    }
    byPath.set(entry.path, entry);
  }
  for (const { path } of entries) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const parent = path.slice(0, end);
      const there = byPath.get(parent);
      if (there === undefined) byPath.set(parent, { kind: "folder", path: parent, mode: 0o755 });
      else if (there.kind !== "folder") {
        throw new AgentError(`Cannot archive ${path}: ${parent} is a ${there.kind}`);
      }
    }
  }
  // A folder sorts before what is in it: its path is the shorter one.
  return [...byPath.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}

function isCleanPath(path: string): boolean {
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..") &&
    !path.includes("\0");
}

function pushEntry(parts: Uint8Array[], entry: Entry, inode: number, mtime: number): void {
  const data = entry.kind === "file"
    ? entry.data
    : entry.kind === "link"
    ? encoder.encode(entry.target)
    : new Uint8Array();
  if (data.length > MAX_BYTES) {
    throw new AgentError(`Cannot archive ${entry.path}: ${data.length} bytes are too many`);
  }
  const header = renderHeader({
    name: entry.path,
    inode,
    mode: TYPE_BITS[entry.kind] | permissionsOf(entry),
    links: entry.kind === "folder" ? 2 : 1,
    mtime,
    size: data.length,
    ...(entry.kind === "device" ? { major: entry.major, minor: entry.minor } : {}),
  });
  parts.push(header, padding(header.length, ALIGNMENT), data, padding(data.length, ALIGNMENT));
}

/** The permission bits that an entry has in the archive. */
export function permissionsOf(entry: Entry): number {
  switch (entry.kind) {
    case "file":
    case "folder":
    case "device":
      return entry.mode;
    case "link":
      return 0o777;
    default:
      return assertNever(entry);
  }
}

interface Header {
  readonly name: string;
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly mtime: number;
  readonly size: number;
  readonly major?: number;
  readonly minor?: number;
}

function renderHeader(header: Header): Uint8Array {
  const name = encoder.encode(`${header.name}\0`);
  const fields = [
    header.inode,
    header.mode,
    0, // uid
    0, // gid
    header.links,
    header.mtime,
    header.size,
    0, // device of the file, major and minor: only hard links would need it
    0,
    header.major ?? 0,
    header.minor ?? 0,
    name.length,
    0, // checksum: only in the "crc" form
  ];
  const hex = fields.map((field) => field.toString(16).padStart(8, "0")).join("");
  const bytes = new Uint8Array(HEADER_BYTES + name.length);
  bytes.set(encoder.encode(`070701${hex}`));
  bytes.set(name, HEADER_BYTES);
  return bytes;
}

function padding(size: number, alignment: number): Uint8Array {
  return new Uint8Array((alignment - size % alignment) % alignment);
}
