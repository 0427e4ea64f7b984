/** Applies the entries of a layer to an empty folder, in isolation from the layers below. */
import { ArchiveError } from "../errors.ts";
import { checkCall, EEXIST } from "../sys/errno.ts";
import { type FileCalls, type FileStat, O, S } from "../sys/file_calls.ts";
import { cString } from "../sys/kernel.ts";
import { applyFolders } from "./apply_folders.ts";
import { entryError } from "./entry_error.ts";
import { EntryName, joinName, MAX_PATH_BYTES, renderName } from "./entry_name.ts";
import { type Maker, MetadataWriter } from "./file_metadata.ts";
import { FolderList } from "./folder_list.ts";
import { findLinkTarget } from "./link_target.ts";
import { FOLDER_MODE, makeFolderInPlace, markOpaque } from "./make_folder.ts";
import { type Parent, PathInRoot } from "./path_in_root.ts";
import { removeTree } from "./remove_tree.ts";
import type { TarEntry, TarSink } from "./tar_entry.ts";
import { classifyName, isAufsMetadata, WHITEOUT_PREFIX_BYTES } from "./whiteout.ts";

/** Where a layer that asks for too much is stopped. */
export interface UnpackLimits {
  /** Default 10^7. */
  readonly maxEntries?: number;
  /** Of the tar. Default: no limit but what the filesystem has room for. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_ENTRIES = 10_000_000;
const AT_FDCWD = -100;
const HERE = cString(".");
const FOLDER_FLAGS = O.RDONLY | O.DIRECTORY | O.NOFOLLOW;
const NEW_FILE_FLAGS = O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW;

export class LayerWriter implements TarSink, Disposable {
  entries = 0;
  readonly #calls: FileCalls;
  readonly #limits: UnpackLimits;
  readonly #root: number;
  readonly #paths: PathInRoot;
  readonly #metadata: MetadataWriter;
  readonly #folders = new FolderList();
  readonly #name = new EntryName();
  readonly #target = new Uint8Array(MAX_PATH_BYTES + 1);
  readonly #stat: FileStat = { mode: 0, inode: 0n, major: 0, minor: 0 };
  /** The file that is being written; −1: none. */
  #file = -1;
  #entry: TarEntry | undefined;
  /** What the entries so far claim to hold. */
  #claimed = 0;

  /**
   * @param folder an existing, empty folder
   * @throws SyscallError
   */
  constructor(calls: FileCalls, maker: Maker, folder: string, limits: UnpackLimits = {}) {
    this.#calls = calls;
    this.#limits = limits;
    this.#metadata = new MetadataWriter(calls, maker);
    this.#root = checkCall("open", folder, calls.open(AT_FDCWD, cString(folder), FOLDER_FLAGS, 0));
    this.#paths = new PathInRoot(calls, this.#root);
    // What it got from the folder it lies in, such as a set-group-ID bit, is not the image's.
    checkCall("change mode of", folder, calls.setMode(this.#root, FOLDER_MODE));
  }

  get warnings(): readonly string[] {
    return this.#metadata.warnings;
  }

  /** @throws ArchiveError, SyscallError */
  onEntry(entry: TarEntry): void {
    const { maxEntries = DEFAULT_MAX_ENTRIES, maxBytes = Infinity } = this.#limits;
    this.#file = -1;
    if (++this.entries > maxEntries) refuse(entry, `the layer has more than ${maxEntries} entries`);
    // Holes take no room, and what a sparse file has besides is in the tar's own count.
    if (!entry.sparse) this.#claimed += entry.size;
    if (this.#claimed > maxBytes) {
      refuse(entry, `its ${entry.size} bytes are more than there is room for`);
    }
    const name = this.#name;
    const problem = name.parse(entry.name);
    if (problem !== undefined) refuse(entry, problem);
    if (name.baseLength === 0) return this.#putRoot(entry);
    if (isAufs(name)) return;
    const meaning = classifyName(name.base, name.baseLength);
    if (meaning === "malformed") refuse(entry, "it is a whiteout of no name");
    const parent = this.#paths.open(name.parent, name.parentLength, true);
    if (typeof parent === "number") throw entryError("open folder of", entry, parent);
    switch (meaning) {
      case "opaque":
        this.#check("hide lower folder", entry, markOpaque(this.#calls, parent.folder, HERE));
        return;
      case "whiteout":
        return this.#putWhiteout(parent, entry);
      case "plain":
        return this.#put(parent, entry);
    }
  }

  /** @throws SyscallError, such as ENOSPC */
  onData(bytes: Uint8Array, offset: number): void {
    if (this.#file < 0) return;
    for (let at = 0; at < bytes.length;) {
      const rest = at === 0 ? bytes : bytes.subarray(at);
      const written = this.#entry?.sparse
        ? this.#calls.writeAt(this.#file, rest, offset + at)
        : this.#calls.write(this.#file, rest);
      at += this.#check("write", this.#name, written);
    }
  }

  /** @throws ArchiveError, SyscallError */
  onEntryEnd(): void {
    const file = this.#file, entry = this.#entry;
    if (file < 0 || entry === undefined) return;
    if (entry.sparse) {
      this.#check("set size of", this.#name, this.#calls.truncate(file, entry.size));
    }
    this.#metadata.apply(file, entry.mode & 0o777, entry, entry.xattrs, this.#name);
    this.#file = -1;
    this.#check("close", this.#name, this.#calls.close(file));
  }

  /**
   * Applies what waits for the end: the metadata of folders.
   * @throws ArchiveError, SyscallError
   */
  finish(): void {
    applyFolders(this.#calls, this.#root, this.#folders, this.#metadata);
  }

  [Symbol.dispose](): void {
    if (this.#file >= 0) this.#calls.close(this.#file);
    this.#file = -1;
    this.#paths[Symbol.dispose]();
    this.#calls.close(this.#root);
  }

  #put(parent: Parent, entry: TarEntry): void {
    const { folder } = parent, { base } = this.#name, calls = this.#calls;
    switch (entry.kind) {
      case "file": {
        const mode = entry.mode & 0o777;
        const make = () => calls.open(folder, base, NEW_FILE_FLAGS, mode);
        this.#file = this.#makeInPlace("make", parent, entry, make);
        this.#entry = entry;
        return;
      }
      case "folder":
        return this.#putFolder(parent, entry);
      case "symlink": {
        const target = this.#target;
        if (entry.target.length === 0) refuse(entry, "it is a link to an empty name");
        if (entry.target.length > MAX_PATH_BYTES) refuse(entry, "what it links to is too long");
        target.set(entry.target);
        target[entry.target.length] = 0;
        const make = () => calls.makeSymlink(target, folder, base);
        this.#makeInPlace("make link", parent, entry, make);
        return this.#metadata.applyToName(folder, base, true, entry, entry.xattrs, entry);
      }
      case "hardlink":
        return this.#putHardLink(parent, entry);
      case "character":
      case "block":
      case "fifo": {
        const mode = TYPE_BITS[entry.kind] | entry.mode & 0o777;
        const make = () => calls.makeNode(folder, base, mode, entry.major, entry.minor);
        this.#makeInPlace("make", parent, entry, make);
        return this.#metadata.applyToName(folder, base, false, entry, entry.xattrs, entry);
      }
    }
  }

  #putRoot(entry: TarEntry): void {
    if (entry.kind !== "folder") refuse(entry, "it names the root, but is no folder");
    this.#noteFolder(new Uint8Array(0), entry);
  }

  #putFolder(parent: Parent, entry: TarEntry): void {
    const made = makeFolderInPlace(this.#calls, parent.folder, this.#name.base);
    this.#check("make folder", entry, made);
    // What made way may have been a link that paths led through.
    if (made === 2) this.#paths.forget();
    const base = this.#name.base.subarray(0, this.#name.baseLength);
    this.#noteFolder(joinName(parent.path, base), entry);
  }

  #noteFolder(name: Uint8Array, entry: TarEntry): void {
    if (!this.#folders.add({ name, metadata: entry, xattrs: entry.xattrs })) {
      refuse(entry, "the layer has too many folders");
    }
  }

  #putHardLink(parent: Parent, entry: TarEntry): void {
    const target = findLinkTarget(this.#calls, this.#paths, entry);
    const { base } = this.#name;
    // A name linked to itself, or again to the same file, is done.
    const there = this.#calls.stat(parent.folder, base, this.#stat);
    if (there >= 0 && this.#stat.inode === target.inode) return;
    const make = () => this.#calls.makeLink(target.parent.folder, target.name, parent.folder, base);
    this.#makeInPlace("make hard link", parent, entry, make);
  }

  #putWhiteout(parent: Parent, entry: TarEntry): void {
    const hidden = this.#name.base.subarray(WHITEOUT_PREFIX_BYTES);
    const made = this.#calls.makeNode(parent.folder, hidden, S.IFCHR, 0, 0);
    if (made !== -EEXIST) return void this.#check("make whiteout", entry, made);
    // Something of this layer is there. It stays, whatever the order; it hides a lower file of
    // that name anyway, and a folder must be told to.
    this.#check("look at", entry, this.#calls.stat(parent.folder, hidden, this.#stat));
    if ((this.#stat.mode & S.IFMT) !== S.IFDIR) return;
    this.#check("hide lower folder", entry, markOpaque(this.#calls, parent.folder, hidden));
  }

  /** Makes something; what is there makes way for it. */
  #makeInPlace(call: string, parent: Parent, entry: TarEntry, make: () => number): number {
    const made = make();
    if (made !== -EEXIST) return this.#check(call, entry, made);
    const { base, baseLength } = this.#name;
    this.#check("look at", entry, this.#calls.stat(parent.folder, base, this.#stat));
    const type = this.#stat.mode & S.IFMT;
    this.#check("remove", entry, removeTree(this.#calls, parent.folder, base));
    if (type === S.IFDIR || type === S.IFLNK) this.#paths.forget();
    if (type === S.IFDIR) {
      const path = joinName(parent.path, base.subarray(0, baseLength));
      if (!this.#folders.remove(path)) refuse(entry, "the layer replaces too many folders");
    }
    return this.#check(call, entry, make());
  }

  #check(call: string, entry: { readonly name: Uint8Array }, result: number): number {
    if (result < 0) throw entryError(call, entry, result);
    return result;
  }
}

const TYPE_BITS = { character: S.IFCHR, block: S.IFBLK, fifo: S.IFIFO } as const;

function isAufs({ parent, parentLength, base, baseLength }: EntryName): boolean {
  return parentLength > 0 ? isAufsMetadata(parent, parentLength) : isAufsMetadata(base, baseLength);
}

function refuse(entry: TarEntry, reason: string): never {
  throw new ArchiveError(renderName(entry.name), reason);
}
