/**
 * Builds tar archives in code, right ones and wrong ones: every header form, extended headers,
 * and whatever a hostile writer might put into a field. Sparse files: tar_sparse.ts.
 */
import { encodeNumber, joinBytes, toBytes } from "./tar_bytes.ts";

/** What an entry is; a single character is put into the header as it stands. */
export type EntryType =
  | "file"
  | "folder"
  | "symlink"
  | "hardlink"
  | "character"
  | "block"
  | "fifo"
  | { readonly typeflag: string };

export interface EntrySpec {
  readonly name: string | Uint8Array;
  /** Default: "folder" when the name ends in a slash, else "file". */
  readonly type?: EntryType;
  /** Default "ustar". "pax" puts what does not fit into an extended header, "gnu" uses its own. */
  readonly format?: "v7" | "ustar" | "gnu" | "pax";
  readonly data?: string | Uint8Array;
  /** Of links. */
  readonly target?: string | Uint8Array;
  /** Default 0o644, folders 0o755. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Whole seconds; a `pax.mtime` tells more. Default 0. */
  readonly mtime?: number;
  readonly major?: number;
  readonly minor?: number;
  /** Goes into the header instead of the data's length. */
  readonly size?: number;
  /** Records of an extended header before the entry. */
  readonly pax?: Readonly<Record<string, string | Uint8Array>>;
  readonly xattrs?: Readonly<Record<string, string | Uint8Array>>;
  /** Changes the header before its checksum is made. */
  readonly patch?: (header: Uint8Array) => void;
  /** Default: the right one. "signed": as old writers did; "wrong": one off. */
  readonly checksum?: "right" | "signed" | "wrong";
}

const TYPEFLAGS = {
  file: "0",
  hardlink: "1",
  symlink: "2",
  character: "3",
  block: "4",
  folder: "5",
  fifo: "6",
} as const;

/** An archive: entries, or bytes as they stand, then the two zero blocks of its end. */
export function tar(...parts: readonly (EntrySpec | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  return joinBytes([...parts.map(partBytes), tarEnd()]);
}

/** As {@linkcode tar}, without an end. */
export function openTar(...parts: readonly (EntrySpec | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  return joinBytes(parts.map(partBytes));
}

function partBytes(part: EntrySpec | Uint8Array): Uint8Array {
  return part instanceof Uint8Array ? part : tarEntry(part);
}

/** The two zero blocks. */
export function tarEnd(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(1024);
}

/** An entry: extended headers where it needs them, header, data, padding. */
export function tarEntry(spec: EntrySpec): Uint8Array<ArrayBuffer> {
  const name = toBytes(spec.name), target = toBytes(spec.target ?? "");
  const before: Uint8Array[] = [];
  const records: Record<string, string | Uint8Array> = {};
  if (spec.format === "gnu") {
    if (target.length > 100) before.push(gnuLong("K", target));
    if (name.length > 100) before.push(gnuLong("L", name));
  }
  if (spec.format === "pax") {
    if (name.length > 100) records["path"] = name;
    if (target.length > 100) records["linkpath"] = target;
  }
  for (const [key, value] of Object.entries(spec.xattrs ?? {})) {
    records[`SCHILY.xattr.${key}`] = value;
  }
  Object.assign(records, spec.pax);
  if (Object.keys(records).length > 0) before.push(paxHeader(records));
  const data = toBytes(spec.data ?? "");
  return joinBytes([...before, tarHeader(spec, data.length), padded(data)]);
}

/** A header block alone. */
export function tarHeader(spec: EntrySpec, dataLength: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(512);
  const name = toBytes(spec.name), target = toBytes(spec.target ?? "");
  const type = spec.type ?? (name.at(-1) === 0x2f ? "folder" : "file");
  const format = spec.format ?? "ustar";
  const prefixAt = format === "ustar" && name.length > 100 ? splitPrefix(name) : 0;
  header.set(name.subarray(prefixAt).subarray(0, 100), 0);
  encodeNumber(header, 100, 8, spec.mode ?? (type === "folder" ? 0o755 : 0o644));
  encodeNumber(header, 108, 8, spec.uid ?? 0);
  encodeNumber(header, 116, 8, spec.gid ?? 0);
  encodeNumber(header, 124, 12, spec.size ?? dataLength);
  encodeNumber(header, 136, 12, spec.mtime ?? 0);
  const typeflag = typeof type === "object" ? type.typeflag : TYPEFLAGS[type];
  header[156] = format === "v7" && type === "file" ? 0 : typeflag.charCodeAt(0);
  header.set(target.subarray(0, 100), 157);
  if (format !== "v7") {
    header.set(toBytes(format === "gnu" ? "ustar  \0" : "ustar\x0000"), 257);
    encodeNumber(header, 329, 8, spec.major ?? 0);
    encodeNumber(header, 337, 8, spec.minor ?? 0);
  }
  if (prefixAt > 0) header.set(name.subarray(0, prefixAt - 1), 345);
  spec.patch?.(header);
  setChecksum(header, spec.checksum ?? "right");
  return header;
}

/** An extended header, for the next entry (`x`) or for all that follow (`g`). */
export function paxHeader(
  records: Readonly<Record<string, string | Uint8Array>> | Uint8Array,
  typeflag: "x" | "g" = "x",
): Uint8Array<ArrayBuffer> {
  const body = records instanceof Uint8Array
    ? records
    : joinBytes(Object.entries(records).map(([key, value]) => paxRecord(key, value)));
  const header = tarHeader({ name: "PaxHeaders/x", type: { typeflag } }, body.length);
  return joinBytes([header, padded(body)]);
}

/** `<length> <key>=<value>\n`; the length counts itself. */
export function paxRecord(key: string, value: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const rest = joinBytes([toBytes(` ${key}=`), toBytes(value), toBytes("\n")]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length++;
  return joinBytes([toBytes(String(length)), rest]);
}

/** GNU's header for a long name (`L`) or link target (`K`) of the next entry. */
export function gnuLong(typeflag: "L" | "K", text: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const body = joinBytes([toBytes(text), new Uint8Array(1)]);
  const spec: EntrySpec = { name: "././@LongLink", type: { typeflag }, format: "gnu" };
  return joinBytes([tarHeader(spec, body.length), padded(body)]);
}

/** Data, filled up to a whole number of blocks. */
export function padded(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(Math.ceil(data.length / 512) * 512);
  whole.set(data);
  return whole;
}

function splitPrefix(name: Uint8Array): number {
  // The rest must fit into 100 bytes, the prefix into 155; the slash between is not kept.
  for (let at = Math.max(1, name.length - 101); at < Math.min(156, name.length - 1); at++) {
    if (name[at] === 0x2f) return at + 1;
  }
  throw new RangeError("Cannot write a ustar header: the name has no place to be split at");
}

function setChecksum(header: Uint8Array, kind: "right" | "signed" | "wrong"): void {
  header.fill(0x20, 148, 156);
  let sum = kind === "wrong" ? 1 : 0;
  for (const byte of header) sum += kind === "signed" && byte > 127 ? byte - 256 : byte;
  header.set(toBytes(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
}
