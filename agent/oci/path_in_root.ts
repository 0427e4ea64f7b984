/**
 * Finds the folders that entries go into, below a root that no path leads out of. The kernel
 * resolves (openat2 with RESOLVE_IN_ROOT); links are followed here one by one, so that what they
 * lead to can be made when it is missing, and each step is an open of a single name.
 */
import { EEXIST, EINVAL, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR } from "../sys/errno.ts";
import { type FileCalls, O, RESOLVE } from "../sys/file_calls.ts";
import { MAX_PART_BYTES, MAX_PATH_BYTES } from "./entry_name.ts";
import { latin1Text } from "./latin1.ts";
import { makeFolderInPlace } from "./make_folder.ts";

/** A folder to put entries into. */
export interface Parent {
  /** Open with O_PATH; stays open until the next call of `open`. */
  readonly folder: number;
  /** Below the root, free of links, without NUL. Empty: the root. */
  readonly path: Uint8Array;
}

/** Links that one path may lead through, as in Linux. */
const MAX_LINKS = 40;
/** Steps that one path may take, its links included. */
const MAX_STEPS = 10_000;
const MAX_OPEN = 64;

const SLASH = 0x2f;
const DOT = 0x2e;

export class PathInRoot implements Disposable {
  readonly #calls: FileCalls;
  readonly #root: Parent;
  /** By path, least recently used first. */
  readonly #open = new Map<string, Parent>();
  #stale = false;
  /** The path asked for last: most entries lie where the one before them does. */
  readonly #lastPath = new Uint8Array(MAX_PATH_BYTES);
  #lastLength = -1;
  #last: Parent;
  readonly #name = new Uint8Array(MAX_PART_BYTES + 1);
  readonly #link = new Uint8Array(MAX_PATH_BYTES + 1);

  /** @param root a folder's descriptor; stays the caller's */
  constructor(calls: FileCalls, root: number) {
    this.#calls = calls;
    this.#root = this.#last = { folder: root, path: new Uint8Array(0) };
  }

  /** A folder or a link was removed: what paths lead to may have changed. */
  forget(): void {
    this.#stale = true;
  }

  /**
   * Opens the folder at a path.
   * @param path the first `length` bytes, then a NUL; no empty or `.` parts
   * @param make make what is missing: a folder, also in place of what is none
   * @returns the folder, or −errno
   */
  open(path: Uint8Array, length: number, make: boolean): Parent | number {
    if (this.#stale) this.#closeAll();
    if (length === 0) return this.#root;
    if (this.#isLast(path, length)) return this.#last;
    const key = latin1Text(path, 0, length);
    let parent: Parent | number | undefined = this.#open.get(key);
    if (parent !== undefined) {
      this.#open.delete(key);
      this.#open.set(key, parent);
    } else {
      parent = this.#resolve(path, length, make);
      if (typeof parent === "number") return parent;
      this.#keep(key, parent);
    }
    this.#lastPath.set(path.subarray(0, length));
    this.#lastLength = length;
    this.#last = parent;
    return parent;
  }

  [Symbol.dispose](): void {
    this.#closeAll();
  }

  #isLast(path: Uint8Array, length: number): boolean {
    if (length !== this.#lastLength) return false;
    // Backwards: neighbours differ at their end.
    for (let i = length - 1; i >= 0; i--) if (path[i] !== this.#lastPath[i]) return false;
    return true;
  }

  #keep(key: string, parent: Parent): void {
    this.#open.set(key, parent);
    if (this.#open.size <= MAX_OPEN) return;
    for (const [oldKey, old] of this.#open) {
      this.#open.delete(oldKey);
      this.#close(old.folder);
      return;
    }
  }

  #closeAll(): void {
    for (const parent of this.#open.values()) this.#close(parent.folder);
    this.#open.clear();
    this.#lastLength = -1;
    this.#last = this.#root;
    this.#stale = false;
  }

  #close(folder: number): void {
    if (folder !== this.#root.folder) this.#calls.close(folder);
  }

  #resolve(path: Uint8Array, length: number, make: boolean): Parent | number {
    if (!hasDotDot(path, length)) {
      const folder = this.#openPlain(path);
      if (folder >= 0) return { folder, path: path.slice(0, length) };
      if (folder !== -ENOENT && folder !== -ENOTDIR && folder !== -ELOOP) return folder;
    }
    return this.#walk(splitPath(path.subarray(0, length)), make);
  }

  /** Opens a path that leads through no link. */
  #openPlain(path: Uint8Array): number {
    return this.#calls.openResolved(
      this.#root.folder,
      path,
      O.PATH | O.DIRECTORY,
      RESOLVE.IN_ROOT | RESOLVE.NO_MAGICLINKS | RESOLVE.NO_SYMLINKS,
    );
  }

  /** Goes part by part, follows links, makes what is missing. */
  #walk(parts: readonly Uint8Array[], make: boolean): Parent | number {
    const todo = parts.toReversed();
    let done: Uint8Array[] = [];
    let doneBytes = 0; // with a slash or a NUL after each
    let folder = this.#root.folder;
    let links = 0;
    const finish = (result: Parent | number) => {
      if (typeof result === "number") this.#close(folder);
      return result;
    };
    for (let steps = 0; todo.length > 0; steps++) {
      if (steps > MAX_STEPS) return finish(-ELOOP);
      const part = todo.pop()!;
      if (isDotDot(part)) {
        doneBytes -= (done.pop()?.length ?? -1) + 1;
        this.#close(folder);
        folder = done.length === 0 ? this.#root.folder : this.#openPlain(joinPath(done));
        if (folder < 0) return folder;
        continue;
      }
      if (part.length > MAX_PART_BYTES) return finish(-ENAMETOOLONG);
      this.#name.set(part);
      this.#name[part.length] = 0;
      const next = this.#calls.open(folder, this.#name, O.PATH | O.DIRECTORY | O.NOFOLLOW, 0);
      if (next >= 0) {
        this.#close(folder);
        folder = next;
        done.push(part);
        doneBytes += part.length + 1;
        if (doneBytes > MAX_PATH_BYTES) return finish(-ENAMETOOLONG);
        continue;
      }
      const target = next === -ENOTDIR || next === -ELOOP ? this.#readLink(folder) : undefined;
      if (typeof target === "object") {
        if (++links > MAX_LINKS) return finish(-ELOOP);
        if (target[0] === SLASH) {
          done = [];
          doneBytes = 0;
          this.#close(folder);
          folder = this.#root.folder;
        }
        todo.push(...splitPath(target).toReversed());
        continue;
      }
      if (target !== undefined && target !== -EINVAL) return finish(target);
      if (!make || next !== -ENOENT && target === undefined) return finish(next);
      const made = makeFolderInPlace(this.#calls, folder, this.#name);
      if (made < 0 && made !== -EEXIST) return finish(made);
      todo.push(part);
    }
    // One more look from the root: what came of the steps is a plain path, or it is not taken.
    this.#close(folder);
    const path = joinPath(done);
    if (done.length === 0) return this.#root;
    folder = this.#openPlain(path);
    return folder < 0 ? folder : { folder, path: path.subarray(0, path.length - 1) };
  }

  /** What a link at `#name` says; −EINVAL when it is none. */
  #readLink(folder: number): Uint8Array | number {
    const length = this.#calls.readLink(folder, this.#name, this.#link);
    if (length < 0) return length;
    return length > MAX_PATH_BYTES ? -ENAMETOOLONG : this.#link.slice(0, length);
  }
}

/** Parts of a path, but empty ones and `.`. */
function splitPath(path: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < path.length;) {
    const slash = path.indexOf(SLASH, at);
    const end = slash < 0 ? path.length : slash;
    if (end > at && !(end === at + 1 && path[at] === DOT)) parts.push(path.slice(at, end));
    at = end + 1;
  }
  return parts;
}

/** With slashes between the parts and a NUL at the end. */
function joinPath(parts: readonly Uint8Array[]): Uint8Array {
  const path = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 1, 0));
  let at = 0;
  for (const part of parts) {
    path.set(part, at);
    at += part.length;
    path[at++] = SLASH;
  }
  path[path.length - 1] = 0;
  return path;
}

function isDotDot(part: Uint8Array): boolean {
  return part.length === 2 && part[0] === DOT && part[1] === DOT;
}

function hasDotDot(path: Uint8Array, length: number): boolean {
  for (let at = 0; at < length; at++) {
    const starts = at === 0 || path[at - 1] === SLASH;
    const ends = at + 2 === length || path[at + 2] === SLASH;
    if (starts && ends && path[at] === DOT && path[at + 1] === DOT) return true;
  }
  return false;
}
