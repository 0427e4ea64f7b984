/** What a layer's archive says of one file. */

export type EntryKind =
  | "file"
  | "folder"
  | "symlink"
  | "hardlink"
  | "character"
  | "block"
  | "fifo";

export interface Xattr {
  /** Without a NUL at its end. */
  readonly name: Uint8Array;
  readonly value: Uint8Array;
}

/** An entry, its extended headers applied. Names are bytes as the archive has them. */
export interface TarEntry {
  readonly kind: EntryKind;
  readonly name: Uint8Array;
  /** Of symlinks what they say, of hard links the name of the other entry; else empty. */
  readonly target: Uint8Array;
  /** Permissions with setuid, setgid and sticky: 12 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Modification time: seconds since 1970, may be negative, and nanoseconds past them. */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** Bytes of a file, holes included; 0 for all else. */
  readonly size: number;
  /** The content has holes: where its parts go is told with each of them. */
  readonly sparse: boolean;
  /** Of device nodes. */
  readonly major: number;
  readonly minor: number;
  readonly xattrs: readonly Xattr[];
}

/** Takes what a reader finds, in order. What it throws ends the reading. */
export interface TarSink {
  /** An entry begins. Its `name` and `target` stay as they are only until this returns. */
  onEntry(entry: TarEntry): void;
  /** A part of the current file, `offset` bytes into it. Stays as it is until this returns. */
  onData(bytes: Uint8Array, offset: number): void;
  /** The current entry is complete. */
  onEntryEnd(): void;
}
