/** Extended headers of tar (pax(1), "pax Extended Header"), and what GNU tar puts there. Pure. */
import { latin1Bytes, latin1Text } from "./latin1.ts";
import type { Xattr } from "./tar_entry.ts";

/** Values that override those of the header that follows. Absent: the header's own counts. */
export interface PaxRecords {
  readonly path?: Uint8Array;
  readonly linkpath?: Uint8Array;
  readonly size?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly time?: { readonly seconds: number; readonly nanoseconds: number };
  /** By name as text of one byte a character; an empty value is a value. */
  readonly xattrs: ReadonlyMap<string, Xattr>;
  /** Raw values of `GNU.sparse.*`, by what follows that prefix. */
  readonly sparse: ReadonlyMap<string, string>;
}

export const NO_PAX: PaxRecords = { xattrs: new Map(), sparse: new Map() };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<Omit<PaxRecords, "xattrs" | "sparse">> & {
  /** Those of the base until there is one to add: most headers add none. */
  xattrs: ReadonlyMap<string, Xattr>;
  ownXattrs?: Map<string, Xattr>;
  sparse: Map<string, string>;
};

const XATTR_PREFIX = "SCHILY.xattr.";
const SPARSE_PREFIX = "GNU.sparse.";

/**
 * Reads the body of an extended header. The records keep parts of `body`: don't change it.
 * @param base what is in force already: records replace it, empty values take it back
 * @returns the records in force from here on, or what is wrong with them
 */
export function parsePax(body: Uint8Array, base: PaxRecords = NO_PAX): PaxRecords | string {
  const draft: Draft = { ...base, sparse: new Map(base.sparse) };
  for (let at = 0; at < body.length;) {
    // "<length> <key>=<value>\n", where the length counts itself and the newline.
    const space = body.indexOf(0x20, at);
    if (space < 0 || space - at > 8) return "its extended header has a malformed record";
    const length = parseCount(latin1Text(body, at, space));
    const end = at + (length ?? 0);
    if (length === undefined || end <= space + 1 || end > body.length) {
      return "its extended header has a record of a wrong length";
    }
    const equals = body.indexOf(0x3d, space);
    if (body[end - 1] !== 0x0a || equals < 0 || equals >= end || equals === space + 1) {
      return "its extended header has a malformed record";
    }
    const key = latin1Text(body, space + 1, equals);
    const problem = addRecord(draft, key, body.subarray(equals + 1, end - 1));
    if (problem !== undefined) return `its extended header has a malformed ${problem}`;
    at = end;
  }
  const { ownXattrs: _, ...records } = draft;
  return records;
}

/** Adds one record. Returns what is malformed, if anything is. */
function addRecord(draft: Draft, key: string, value: Uint8Array): string | undefined {
  if (key.includes("\0")) return "key";
  if (key.startsWith(XATTR_PREFIX)) {
    const name = key.slice(XATTR_PREFIX.length);
    if (name === "") return "xattr";
    draft.xattrs = draft.ownXattrs ??= new Map(draft.xattrs);
    draft.ownXattrs.set(name, { name: latin1Bytes(name), value });
    return undefined;
  }
  if (key.startsWith(SPARSE_PREFIX)) {
    addSparse(draft.sparse, key.slice(SPARSE_PREFIX.length), latin1Text(value));
    return undefined;
  }
  switch (key) {
    case "path":
    case "linkpath":
      if (value.includes(0)) return key;
      if (value.length === 0) delete draft[key];
      else draft[key] = value;
      return undefined;
    case "size":
    case "uid":
    case "gid": {
      if (value.length === 0) {
        delete draft[key];
        return undefined;
      }
      const number = parseCount(latin1Text(value));
      if (number === undefined) return key;
      draft[key] = number;
      return undefined;
    }
    case "mtime": {
      if (value.length === 0) {
        delete draft.time;
        return undefined;
      }
      const time = parseTime(latin1Text(value));
      if (time === undefined) return key;
      draft.time = time;
      return undefined;
    }
    default:
      return undefined; // uname, atime, comment …: nothing that is kept of a layer
  }
}

/** Format 0.0 repeats offset and numbytes for each part; joined they are the map of 0.1. */
function addSparse(sparse: Map<string, string>, key: string, value: string): void {
  if (key !== "offset" && key !== "numbytes") {
    sparse.set(key, value);
    return;
  }
  const map = sparse.get("map");
  sparse.set("map", map === undefined ? value : `${map},${value}`);
}

/** A whole number without sign, at most 2^53; undefined otherwise. */
export function parseCount(text: string): number | undefined {
  if (!/^[0-9]{1,19}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

function parseTime(text: string): PaxRecords["time"] | undefined {
  const match = /^(-?)([0-9]{1,16})(?:\.([0-9]*))?$/.exec(text);
  if (!match) return undefined;
  const whole = Number(match[2]);
  if (!Number.isSafeInteger(whole)) return undefined;
  const fraction = Number((match[3] ?? "").slice(0, 9).padEnd(9, "0"));
  if (match[1] === "") return { seconds: whole, nanoseconds: fraction };
  // -1.25 is a quarter before -1: 0.75 past -2.
  return fraction === 0
    ? { seconds: 0 - whole, nanoseconds: 0 }
    : { seconds: -1 - whole, nanoseconds: 1e9 - fraction };
}
