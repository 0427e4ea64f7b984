/** Owner, mode, xattrs and times of what is unpacked, in the one order that keeps all of them. */
import { EOPNOTSUPP, EPERM } from "../sys/errno.ts";
import type { FileCalls } from "../sys/file_calls.ts";
import { entryError, type Named } from "./entry_error.ts";
import { renderName } from "./entry_name.ts";
import type { Xattr } from "./tar_entry.ts";
import { isOverlayXattr } from "./whiteout.ts";

export interface FileMetadata {
  /** 12 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Modification time: seconds since 1970, may be negative, and nanoseconds past them. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What a new file gets from the process that makes it. */
export interface Maker {
  readonly uid: number;
  readonly gid: number;
  readonly umask: number;
}

/** More kinds of warnings than anybody reads. */
const MAX_WARNINGS = 16;
const XATTR_NAME_MAX = 255;

export class MetadataWriter {
  readonly warnings: string[] = [];
  readonly #calls: FileCalls;
  readonly #maker: Maker;

  constructor(calls: FileCalls, maker: Maker) {
    this.#calls = calls;
    this.#maker = maker;
  }

  /**
   * Applies to an open file or folder.
   * @param madeWith the mode it was just made with; undefined when it may have been changed since
   * @param entry for messages
   * @throws ArchiveError, SyscallError
   */
  apply(
    file: number,
    madeWith: number | undefined,
    metadata: FileMetadata,
    xattrs: readonly Xattr[],
    entry: Named,
  ): void {
    const { mode, uid, gid, seconds, nanoseconds } = metadata;
    // The owner first: a change of it takes setuid, setgid and file capabilities away.
    const isOwned = madeWith !== undefined && uid === this.#maker.uid && gid === this.#maker.gid;
    if (!isOwned) this.#check("change owner of", entry, this.#calls.setOwner(file, uid, gid));
    if (!isOwned || mode !== (madeWith & ~this.#maker.umask)) {
      this.#check("change mode of", entry, this.#calls.setMode(file, mode));
    }
    for (const xattr of xattrs) {
      this.#setXattr(xattr, entry, (name) => this.#calls.setXattr(file, name, xattr.value));
    }
    // Times last: what comes before may change them.
    this.#check("set times of", entry, this.#calls.setTimes(file, seconds, nanoseconds));
  }

  /** Applies to a name that cannot be opened: a link (which has no mode), a device, a fifo. */
  applyToName(
    folder: number,
    name: Uint8Array,
    isLink: boolean,
    metadata: FileMetadata,
    xattrs: readonly Xattr[],
    entry: Named,
  ): void {
    const { mode, uid, gid, seconds, nanoseconds } = metadata;
    if (uid !== this.#maker.uid || gid !== this.#maker.gid) {
      this.#check("change owner of", entry, this.#calls.setOwnerAt(folder, name, uid, gid));
    }
    if (!isLink) this.#check("change mode of", entry, this.#calls.setModeAt(folder, name, mode));
    if (xattrs.length > 0) {
      const path = procPath(folder, name);
      for (const xattr of xattrs) {
        this.#setXattr(
          xattr,
          entry,
          (key) => this.#calls.setXattrOfPath(path, key, xattr.value),
        );
      }
    }
    this.#check(
      "set times of",
      entry,
      this.#calls.setTimesAt(folder, name, seconds, nanoseconds),
    );
  }

  #setXattr(xattr: Xattr, entry: Named, set: (name: Uint8Array) => number): void {
    if (isOverlayXattr(xattr.name)) return;
    const shown = renderName(xattr.name);
    if (xattr.name.length > XATTR_NAME_MAX) {
      this.#warn(
        `${renderName(entry.name)} has an attribute with a name that is too long: left out`,
      );
      return;
    }
    const name = new Uint8Array(xattr.name.length + 1);
    name.set(xattr.name);
    const result = set(name);
    if (result >= 0) return;
    // EPERM: user attributes are for files and folders only, and some filesystems keep a class out.
    const isUser = shown.startsWith("user.");
    if (result !== -EOPNOTSUPP && !(result === -EPERM && isUser)) {
      throw entryError(`set attribute ${shown} of`, entry, result);
    }
    const kind = shown.slice(0, shown.indexOf(".") + 1);
    this.#warn(
      `the filesystem keeps no ${kind}* attributes (${renderName(entry.name)} has ${shown})`,
    );
  }

  /** Keeps the first of a kind: a layer may have thousands. */
  #warn(text: string): void {
    const kind = text.split("(")[0];
    const isKnown = this.warnings.some((warning) => warning.split("(")[0] === kind);
    if (!isKnown && this.warnings.length < MAX_WARNINGS) this.warnings.push(text);
  }

  #check(call: string, entry: Named, result: number): void {
    if (result < 0) throw entryError(call, entry, result);
  }
}

/** A name in an open folder as a path, for calls that take no folder. */
function procPath(folder: number, name: Uint8Array): Uint8Array {
  const end = name.indexOf(0);
  const prefix = new TextEncoder().encode(`/proc/self/fd/${folder}/`);
  const path = new Uint8Array(prefix.length + end + 1);
  path.set(prefix);
  path.set(name.subarray(0, end), prefix.length);
  return path;
}
