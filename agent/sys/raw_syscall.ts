/**
 * System calls by number (syscall(2)), for those that libc has no function for, and for callers
 * that make few: every function of a library that is opened by name costs time at its opening.
 */
import process from "node:process";

/** Buffers are passed by address. */
export type SyscallArgument = number | bigint | Uint8Array<ArrayBuffer> | null;

/** Makes a call. @returns as the kernel does: a result ≥ 0, or −errno */
export type RawSyscall = (number: number, ...args: readonly SyscallArgument[]) => number;

const isArm64 = process.arch === "arm64";

/** Numbers (asm/unistd.h); those from 400 on are the same everywhere. */
export const SYS = {
  MOUNT: isArm64 ? 40 : 165,
  UMOUNT2: isArm64 ? 39 : 166,
  CHROOT: isArm64 ? 51 : 161,
  SYNC: isArm64 ? 81 : 162,
  REBOOT: isArm64 ? 142 : 169,
  SETHOSTNAME: isArm64 ? 161 : 170,
  UNSHARE: isArm64 ? 97 : 272,
  SETNS: isArm64 ? 268 : 308,
  WAIT4: isArm64 ? 260 : 61,
  SOCKET: isArm64 ? 198 : 41,
  BIND: isArm64 ? 200 : 49,
  LISTEN: isArm64 ? 201 : 50,
  SENDTO: isArm64 ? 206 : 44,
  SETSOCKOPT: isArm64 ? 208 : 54,
  RECVFROM: isArm64 ? 207 : 45,
  CLOCK_SETTIME: isArm64 ? 112 : 227,
  READ: isArm64 ? 63 : 0,
  WRITE: isArm64 ? 64 : 1,
  CLOSE: isArm64 ? 57 : 3,
  IOCTL: isArm64 ? 29 : 16,
  PWRITE64: isArm64 ? 68 : 18,
  FCNTL: isArm64 ? 25 : 72,
  FLOCK: isArm64 ? 32 : 73,
  FSYNC: isArm64 ? 82 : 74,
  FTRUNCATE: isArm64 ? 46 : 77,
  FCHMOD: isArm64 ? 52 : 91,
  FCHOWN: isArm64 ? 55 : 93,
  LSETXATTR: isArm64 ? 6 : 189,
  FSETXATTR: isArm64 ? 7 : 190,
  GETDENTS64: isArm64 ? 61 : 217,
  OPENAT: isArm64 ? 56 : 257,
  MKDIRAT: isArm64 ? 34 : 258,
  MKNODAT: isArm64 ? 33 : 259,
  FCHOWNAT: isArm64 ? 54 : 260,
  UNLINKAT: isArm64 ? 35 : 263,
  LINKAT: isArm64 ? 37 : 265,
  SYMLINKAT: isArm64 ? 36 : 266,
  READLINKAT: isArm64 ? 78 : 267,
  FCHMODAT: isArm64 ? 53 : 268,
  UTIMENSAT: isArm64 ? 88 : 280,
  SYNCFS: isArm64 ? 267 : 306,
  RENAMEAT2: isArm64 ? 276 : 316,
  STATX: isArm64 ? 291 : 332,
  MOVE_MOUNT: 429,
  FSOPEN: 430,
  FSCONFIG: 431,
  FSMOUNT: 432,
  OPENAT2: 437,
} as const;

export const AT_FDCWD = -100;

// Variadic, but integers and pointers go the same way as in other calls on both machines.
const SYMBOLS = {
  syscall: {
    parameters: ["i64", "i64", "i64", "i64", "i64", "i64", "i64"],
    result: "i64",
  },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

let opened: RawSyscall | undefined;

/** Opens libc, once for each thread. */
export function openRawSyscall(): RawSyscall {
  return opened ??= makeRawSyscall();
}

function makeRawSyscall(): RawSyscall {
  const { symbols: c } = Deno.dlopen("libc.so.6", SYMBOLS);
  // A thread's errno stays where it is.
  const errnoAt = c.__errno_location();
  if (errnoAt === null) throw new TypeError("Cannot find errno: libc gave no address");
  const errno = new Deno.UnsafePointerView(errnoAt);
  return (number, ...args) => {
    const [a = 0n, b = 0n, d = 0n, e = 0n, f = 0n, g = 0n] = args.map(wordOf);
    const result = Number(c.syscall(BigInt(number), a, b, d, e, f, g));
    // Right after the synchronous call, before anything else can run on this thread.
    return result === -1 ? -errno.getInt32() : result;
  };
}

/**
 * Makes calls that wait, each on a thread of its own. Errno stays there: a failure is −1.
 * The buffers belong to the call until it is done.
 */
export function openWaitingSyscall(): (
  number: number,
  ...args: readonly SyscallArgument[]
) => Promise<number> {
  const { symbols: c } = Deno.dlopen("libc.so.6", {
    syscall: { ...SYMBOLS.syscall, nonblocking: true },
  });
  return async (number, ...args) => {
    const [a = 0n, b = 0n, d = 0n, e = 0n, f = 0n, g = 0n] = args.map(wordOf);
    const result = await c.syscall(BigInt(number), a, b, d, e, f, g);
    // Until here they must not be collected.
    return args.length < 0 ? 0 : Number(result);
  };
}

function wordOf(argument: SyscallArgument): bigint {
  if (argument === null) return 0n;
  if (typeof argument === "object") {
    return Deno.UnsafePointer.value(Deno.UnsafePointer.of(argument));
  }
  return BigInt(argument);
}
