/** Packed records of folders whose metadata waits for the end of their layer. */
import type { FileMetadata } from "./file_metadata.ts";
import { latin1Text } from "./latin1.ts";
import type { Xattr } from "./tar_entry.ts";

/** What all folders of a layer may take up here: half a million of them, or more. */
const MAX_BYTES = 64 << 20;
const CHUNK_BYTES = 1 << 18;
/** Length of path (2), mode (2), owner (4), group (4), nanoseconds (4), seconds (8). */
const FIXED_BYTES = 24;
/** What the engine takes for an xattr besides its bytes: an object, and two arrays' heads. */
const XATTR_BYTES = 400;
/** The same for a path that was removed. */
const REMOVED_BYTES = 100;

export interface FolderRecord {
  /** Below the root, through no link. Empty: the root. */
  readonly name: Uint8Array;
  readonly metadata: FileMetadata;
  readonly xattrs: readonly Xattr[];
}

interface Chunk {
  readonly view: DataView<ArrayBuffer>;
  used: number;
}

export class FolderList {
  readonly #chunks: Chunk[] = [];
  #size = 0;
  readonly #xattrs = new Map<number, readonly Xattr[]>();
  /** What was removed, and how many records came before: those in it are of folders long gone. */
  readonly #removed = new Map<string, number>();
  /** What xattrs and removals take up, about. */
  #restBytes = 0;

  /** Adds a record. False: there is no room for it. */
  add({ name: path, metadata, xattrs }: FolderRecord): boolean {
    const size = FIXED_BYTES + path.length;
    for (const { name, value } of xattrs) {
      this.#restBytes += name.length + value.length + XATTR_BYTES;
    }
    if (this.#chunks.length * CHUNK_BYTES + this.#restBytes >= MAX_BYTES) return false;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.used + size > CHUNK_BYTES) {
      chunk = { view: new DataView(new ArrayBuffer(CHUNK_BYTES)), used: 0 };
      this.#chunks.push(chunk);
    }
    const { view, used: at } = chunk;
    view.setUint16(at, path.length);
    view.setUint16(at + 2, metadata.mode);
    view.setUint32(at + 4, metadata.uid);
    view.setUint32(at + 8, metadata.gid);
    view.setUint32(at + 12, metadata.nanoseconds);
    view.setFloat64(at + 16, metadata.seconds);
    new Uint8Array(view.buffer, at + FIXED_BYTES).set(path);
    chunk.used += size;
    if (xattrs.length > 0) this.#xattrs.set(this.#size, xattrs.map(copyXattr));
    this.#size++;
    return true;
  }

  /** What is at this path is gone, whatever comes there later. False: there is no room. */
  remove(path: Uint8Array): boolean {
    if (this.#size === 0) return true;
    this.#removed.set(latin1Text(path), this.#size);
    this.#restBytes += path.length + REMOVED_BYTES;
    return this.#restBytes < MAX_BYTES;
  }

  /** The records of folders that are still there, in the order they were added. */
  *records(): Generator<FolderRecord> {
    let index = 0;
    for (const { view, used } of this.#chunks) {
      for (let at = 0; at < used; index++) {
        const path = new Uint8Array(view.buffer, at + FIXED_BYTES, view.getUint16(at));
        const metadata = {
          mode: view.getUint16(at + 2),
          uid: view.getUint32(at + 4),
          gid: view.getUint32(at + 8),
          nanoseconds: view.getUint32(at + 12),
          seconds: view.getFloat64(at + 16),
        };
        at += FIXED_BYTES + path.length;
        if (this.#isGone(path, index)) continue;
        yield { name: path, metadata, xattrs: this.#xattrs.get(index) ?? [] };
      }
    }
  }

  #isGone(path: Uint8Array, index: number): boolean {
    if (this.#removed.size === 0) return false;
    for (let end = 1; end <= path.length; end++) {
      if (end < path.length && path[end] !== 0x2f) continue;
      if ((this.#removed.get(latin1Text(path, 0, end)) ?? 0) > index) return true;
    }
    return false;
  }
}

/** A value is a part of all the extended header that it came in, which is not to be kept. */
function copyXattr({ name, value }: Xattr): Xattr {
  return { name, value: value.slice() };
}
