/**
 * File system calls that take a folder's descriptor and a name of bytes: what Deno's own calls
 * lack (openat2, names that are not UTF-8, device nodes, xattrs), and twice as fast. Through libc
 * by FFI; synchronous, so for one thread that does nothing else meanwhile.
 *
 * Names are bytes that end in NUL. Each call answers the kernel's way: a result ≥ 0, or −errno.
 */
import process from "node:process";
import { openRawSyscall, SYS } from "./raw_syscall.ts";

const isArm64 = process.arch === "arm64";

/** Flags of open(2); those that differ between x86-64 and arm64 are chosen at load. */
export const O = {
  RDONLY: 0,
  WRONLY: 1,
  CREAT: 0o100,
  EXCL: 0o200,
  CLOEXEC: 0o2000000,
  PATH: 0o10000000,
  DIRECTORY: isArm64 ? 0o40000 : 0o200000,
  NOFOLLOW: isArm64 ? 0o100000 : 0o400000,
} as const;

/** How openat2(2) resolves a path (linux/openat2.h). */
export const RESOLVE = { NO_MAGICLINKS: 2, NO_SYMLINKS: 4, IN_ROOT: 16 } as const;

/** File types of st_mode (inode(7)). */
export const S = {
  IFMT: 0o170000,
  IFDIR: 0o040000,
  IFCHR: 0o020000,
  IFBLK: 0o060000,
  IFREG: 0o100000,
  IFIFO: 0o010000,
  IFLNK: 0o120000,
} as const;

/** What statx(2) tells of a file; filled by {@linkcode FileCalls.stat}. */
export interface FileStat {
  /** Type and permissions. */
  mode: number;
  /** What makes a file the same file within one filesystem. */
  inode: bigint;
  /** Of the device that a device node stands for. */
  major: number;
  minor: number;
}

export interface FileCalls {
  /** openat(2), close-on-exec. */
  open(folder: number, name: Uint8Array, flags: number, mode: number): number;
  /** openat2(2), close-on-exec; `resolve` are RESOLVE flags. */
  openResolved(folder: number, path: Uint8Array, flags: number, resolve: number): number;
  close(file: number): number;
  write(file: number, bytes: Uint8Array): number;
  /** pwrite(2). */
  writeAt(file: number, bytes: Uint8Array, offset: number): number;
  truncate(file: number, size: number): number;
  makeFolder(folder: number, name: Uint8Array, mode: number): number;
  /** mknodat(2); `mode` holds the type. */
  makeNode(
    folder: number,
    name: Uint8Array,
    mode: number,
    major: number,
    minor: number,
  ): number;
  makeSymlink(target: Uint8Array, folder: number, name: Uint8Array): number;
  /** linkat(2); a symlink is linked itself, not followed. */
  makeLink(fromFolder: number, from: Uint8Array, folder: number, name: Uint8Array): number;
  /** Reads a symlink into `into`; the result is its length. */
  readLink(folder: number, name: Uint8Array, into: Uint8Array): number;
  unlink(folder: number, name: Uint8Array): number;
  removeFolder(folder: number, name: Uint8Array): number;
  /** statx(2) of a name, never following a symlink there. */
  stat(folder: number, name: Uint8Array, into: FileStat): number;
  /** getdents64(2) into `into`; 0 at the end. */
  readEntries(folder: number, into: Uint8Array): number;
  setOwner(file: number, uid: number, gid: number): number;
  /** Of the name itself, never of what a symlink points to. */
  setOwnerAt(folder: number, name: Uint8Array, uid: number, gid: number): number;
  setMode(file: number, mode: number): number;
  /** Follows a symlink, as Linux has no mode for those. */
  setModeAt(folder: number, name: Uint8Array, mode: number): number;
  /** Access and modification time alike. */
  setTimes(file: number, seconds: number, nanoseconds: number): number;
  /** Of the name itself, never of what a symlink points to. */
  setTimesAt(folder: number, name: Uint8Array, seconds: number, nanoseconds: number): number;
  setXattr(file: number, name: Uint8Array, value: Uint8Array): number;
  /** Of the path itself, never of what a symlink at its end points to. */
  setXattrOfPath(path: Uint8Array, name: Uint8Array, value: Uint8Array): number;
  fsync(file: number): number;
  /** Writes out the whole filesystem that the file lies on. */
  syncFilesystem(file: number): number;
  /** flock(2), exclusive and without waiting; closing the file gives it back. */
  lock(file: number): number;
}
// Every function that is opened takes milliseconds under emulation: one for each shape of the
// calls that every file needs; the others go by raw_syscall.ts. What the kernel takes as 64 bits
// must be handed over as such: of 32 bits in a register, the upper half may be anything.
const SYMBOLS = {
  ofFile: { name: "syscall", parameters: ["i64", "i32", "u32", "u32"], result: "i32" },
  ofName: { name: "syscall", parameters: ["i64", "i32", "buffer", "u32", "u32"], result: "i32" },
  withBytes: { name: "syscall", parameters: ["i64", "i32", "buffer", "usize"], result: "i32" },
  withRecord: {
    name: "syscall",
    parameters: ["i64", "i32", "buffer", "buffer", "usize"],
    result: "i32",
  },
  symlink: { name: "syscall", parameters: ["i64", "buffer", "i32", "buffer"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

const CLOSE = BigInt(SYS.CLOSE);
const FCHMOD = BigInt(SYS.FCHMOD);
const FCHOWN = BigInt(SYS.FCHOWN);
const MKDIRAT = BigInt(SYS.MKDIRAT);
const OPENAT = BigInt(SYS.OPENAT);
const OPENAT2 = BigInt(SYS.OPENAT2);
const SYMLINKAT = BigInt(SYS.SYMLINKAT);
const UNLINKAT = BigInt(SYS.UNLINKAT);
const UTIMENSAT = BigInt(SYS.UTIMENSAT);
const WRITE = BigInt(SYS.WRITE);

const OPEN_HOW_BYTES = 24n;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_REMOVEDIR = 0x200;
const STATX_TYPE_MODE_INO = 0x1 | 0x2 | 0x100;
const LOCK_EX_NB = 2 | 4;
const TWO_32 = 0x1_0000_0000;

let opened: FileCalls | undefined;

/** Opens libc, once for each thread: errno is the thread's own. */
export function openFileCalls(): FileCalls {
  return opened ??= makeFileCalls();
}

function makeFileCalls(): FileCalls {
  const { symbols: c } = Deno.dlopen("libc.so.6", SYMBOLS);
  const errnoAt = c.__errno_location();
  if (errnoAt === null) throw new TypeError("Cannot find errno: libc gave no address");
  const errno = new Deno.UnsafePointerView(errnoAt);
  const raw = openRawSyscall();

  // Right after the synchronous call, before anything else can run on this thread.
  const answer = (result: number) => result < 0 ? -errno.getInt32() : result;

  const how = new Uint32Array(6);
  const howBytes = new Uint8Array(how.buffer);
  const times = new Int32Array(8);
  const timesBytes = new Uint8Array(times.buffer);
  const statBytes = new Uint8Array(256);
  const stat = new DataView(statBytes.buffer);

  function fillTimes(seconds: number, nanoseconds: number): Uint8Array<ArrayBuffer> {
    // Two struct timespec, little endian: 64-bit seconds in two's complement, then nanoseconds.
    const high = Math.floor(seconds / TWO_32);
    times[0] = times[4] = seconds - high * TWO_32 | 0;
    times[1] = times[5] = high;
    times[2] = times[6] = nanoseconds;
    return timesBytes;
  }

  return {
    open: (folder, name, flags, mode) =>
      answer(c.ofName(OPENAT, folder, own(name), flags | O.CLOEXEC, mode)),
    openResolved(folder, path, flags, resolve) {
      how[0] = flags | O.CLOEXEC;
      how[4] = resolve;
      return answer(c.withRecord(OPENAT2, folder, own(path), howBytes, OPEN_HOW_BYTES));
    },
    close: (file) => answer(c.ofFile(CLOSE, file, 0, 0)),
    write: (file, bytes) => answer(c.withBytes(WRITE, file, own(bytes), BigInt(bytes.length))),
    writeAt: (file, bytes, offset) => raw(SYS.PWRITE64, file, own(bytes), bytes.length, offset),
    truncate: (file, size) => raw(SYS.FTRUNCATE, file, size),
    makeFolder: (folder, name, mode) => answer(c.ofName(MKDIRAT, folder, own(name), mode, 0)),
    makeNode: (folder, name, mode, major, minor) =>
      raw(SYS.MKNODAT, folder, own(name), mode, encodeDevice(major, minor)),
    makeSymlink: (target, folder, name) =>
      answer(c.symlink(SYMLINKAT, own(target), folder, own(name))),
    makeLink: (fromFolder, from, folder, name) =>
      raw(SYS.LINKAT, fromFolder, own(from), folder, own(name), 0),
    readLink: (folder, name, into) =>
      raw(SYS.READLINKAT, folder, own(name), own(into), into.length),
    unlink: (folder, name) => answer(c.ofName(UNLINKAT, folder, own(name), 0, 0)),
    removeFolder: (folder, name) => answer(c.ofName(UNLINKAT, folder, own(name), AT_REMOVEDIR, 0)),
    stat(folder, name, into) {
      const mask = STATX_TYPE_MODE_INO;
      const result = raw(SYS.STATX, folder, own(name), AT_SYMLINK_NOFOLLOW, mask, statBytes);
      if (result < 0) return result;
      into.mode = stat.getUint16(28, true);
      into.inode = stat.getBigUint64(32, true);
      into.major = stat.getUint32(128, true);
      into.minor = stat.getUint32(132, true);
      return result;
    },
    readEntries: (folder, into) => raw(SYS.GETDENTS64, folder, own(into), into.length),
    setOwner: (file, uid, gid) => answer(c.ofFile(FCHOWN, file, uid, gid)),
    setOwnerAt: (folder, name, uid, gid) =>
      raw(SYS.FCHOWNAT, folder, own(name), uid, gid, AT_SYMLINK_NOFOLLOW),
    setMode: (file, mode) => answer(c.ofFile(FCHMOD, file, mode, 0)),
    setModeAt: (folder, name, mode) => raw(SYS.FCHMODAT, folder, own(name), mode),
    setTimes: (file, seconds, nanoseconds) =>
      answer(c.withRecord(UTIMENSAT, file, null, fillTimes(seconds, nanoseconds), 0n)),
    setTimesAt(folder, name, seconds, nanoseconds) {
      const record = fillTimes(seconds, nanoseconds);
      const flags = BigInt(AT_SYMLINK_NOFOLLOW);
      return answer(c.withRecord(UTIMENSAT, folder, own(name), record, flags));
    },
    setXattr: (file, name, value) =>
      raw(SYS.FSETXATTR, file, own(name), own(value), value.length, 0),
    setXattrOfPath: (path, name, value) =>
      raw(SYS.LSETXATTR, own(path), own(name), own(value), value.length, 0),
    fsync: (file) => raw(SYS.FSYNC, file),
    syncFilesystem: (file) => raw(SYS.SYNCFS, file),
    lock: (file) => raw(SYS.FLOCK, file, LOCK_EX_NB),
  };
}

// The types of FFI ask for memory that is not shared, and none here is.
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}

/** As the kernel takes them: 12 bits of major, 20 of minor (linux/kdev_t.h, new_encode_dev). */
function encodeDevice(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}
