/** System calls that Deno has no API for, through libc by FFI. */
import { checkCall } from "./errno.ts";
import { type MountFilesystem, openMountApi } from "./mount_api.ts";
import { openTerminalCalls, type RememberTerminal } from "./terminal.ts";
import { openUevents, type Uevents } from "./uevents.ts";

/** The calls the agent makes. Each throws SyscallError; none blocks for long. */
export interface Kernel {
  /** mount(2). `flags` are MS_*; `data` is the filesystem's own option text. */
  mount(source: string, target: string, type: string, flags: number, data: string): void;
  /** Mounts a filesystem with options of any length. */
  readonly mountFilesystem: MountFilesystem;
  /** umount2(2). `flags` are MNT_*, UMOUNT_NOFOLLOW. */
  unmount(target: string, flags: number): void;
  chroot(path: string): void;
  /** reboot(2). Does not come back from RESTART, POWER_OFF and HALT. */
  reboot(command: number): void;
  /** sync(2), on a thread of its own: a broken disk can hold it for ever. */
  sync(): Promise<void>;
  setHostname(name: string): void;
  /** waitpid(pid, WNOHANG): true when that child was a zombie and now is gone. */
  reap(pid: number): boolean;
  /** Rows and columns of the terminal behind a file descriptor (TIOCSWINSZ). */
  setWindowSize(fd: number, rows: number, columns: number): void;
  /** Remembers the state of a terminal, and gives what puts it back. */
  readonly rememberTerminal: RememberTerminal;
  /** clock_settime(CLOCK_REALTIME). Milliseconds since 1970. */
  setTime(epochMs: number): void;
  /** Brings a network interface up (SIOCSIFFLAGS, netdevice(7)). */
  setLinkUp(name: string): void;
  /** Listens to devices coming and going. */
  openUevents(): Uevents;
}

/** mount(2) flags (linux/mount.h). */
export const MS = {
  RDONLY: 1,
  NOSUID: 2,
  NODEV: 4,
  NOEXEC: 8,
  REMOUNT: 32,
  NOATIME: 1024,
  BIND: 4096,
  MOVE: 8192,
  REC: 16384,
  SILENT: 32768,
  PRIVATE: 1 << 18,
  SHARED: 1 << 20,
  RELATIME: 1 << 21,
} as const;

/** umount2(2) flags (linux/fs.h). */
export const MNT = { FORCE: 1, DETACH: 2 } as const;

/** reboot(2) commands (linux/reboot.h). */
export const REBOOT = {
  RESTART: 0x01234567,
  HALT: 0xcdef0123 | 0,
  POWER_OFF: 0x4321fedc,
  CAD_ON: 0x89abcdef | 0,
  CAD_OFF: 0,
} as const;

const SYMBOLS = {
  mount: {
    parameters: ["buffer", "buffer", "buffer", "u64", "buffer"],
    result: "i32",
  },
  umount2: { parameters: ["buffer", "i32"], result: "i32" },
  chroot: { parameters: ["buffer"], result: "i32" },
  reboot: { parameters: ["i32"], result: "i32" },
  sync: { parameters: [], result: "void", nonblocking: true },
  sethostname: { parameters: ["buffer", "usize"], result: "i32" },
  waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  clock_settime: { parameters: ["i32", "buffer"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

const TIOCSWINSZ = 0x5414n;
const SIOCGIFFLAGS = 0x8913n;
const SIOCSIFFLAGS = 0x8914n;
const IFF_UP = 1;
/** struct ifreq: a name of 16 bytes, then a union. */
const IFREQ = { size: 40, nameLimit: 15, flagsAt: 16 } as const;
const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const CLOCK_REALTIME = 0;
const WNOHANG = 1;

const encoder = new TextEncoder();

/** Text as C wants it. Text with a NUL inside would be cut short silently, so it is refused. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  if (text.includes("\0")) throw new TypeError("Cannot pass text to the kernel: it holds a NUL");
  return encoder.encode(`${text}\0`);
}

/** Opens libc. */
export function openKernel(): Kernel {
  const { symbols } = Deno.dlopen("libc.so.6", SYMBOLS);

  // Read right after the synchronous call, before anything else can run on this thread.
  function negativeErrno(): number {
    const at = symbols.__errno_location();
    return at === null ? -1 : -new Deno.UnsafePointerView(at).getInt32();
  }

  function check(call: string, path: string, result: number): number {
    return checkCall(call, path, result < 0 ? negativeErrno() : result);
  }

  return {
    mount(source, target, type, flags, data) {
      check(
        "mount",
        `${source} at ${target}`,
        symbols.mount(
          cString(source),
          cString(target),
          cString(type),
          BigInt(flags),
          cString(data),
        ),
      );
    },
    mountFilesystem: openMountApi(),
    unmount(target, flags) {
      check("unmount", target, symbols.umount2(cString(target), flags));
    },
    chroot(path) {
      check("chroot to", path, symbols.chroot(cString(path)));
    },
    reboot(command) {
      check("reboot", `(0x${(command >>> 0).toString(16)})`, symbols.reboot(command));
    },
    sync: () => symbols.sync(),
    setHostname(name) {
      const bytes = encoder.encode(name);
      check("set host name", name, symbols.sethostname(bytes, BigInt(bytes.length)));
    },
    reap(pid) {
      const status = new Uint8Array(4);
      return symbols.waitpid(pid, status, WNOHANG) === pid;
    },
    setWindowSize(fd, rows, columns) {
      const size = new Uint16Array([rows, columns, 0, 0]);
      check("set terminal size of", `fd ${fd}`, symbols.ioctl(fd, TIOCSWINSZ, bytesOf(size)));
    },
    setLinkUp(name) {
      const request = new Uint8Array(IFREQ.size);
      const bytes = encoder.encode(name);
      if (bytes.length > IFREQ.nameLimit) throw new TypeError(`Cannot bring ${name} up: too long`);
      request.set(bytes);
      const flags = new DataView(request.buffer);
      const socket = check("open", "a socket", symbols.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0));
      try {
        check("read flags of", name, symbols.ioctl(socket, SIOCGIFFLAGS, request));
        flags.setUint16(IFREQ.flagsAt, flags.getUint16(IFREQ.flagsAt, true) | IFF_UP, true);
        check("bring up", name, symbols.ioctl(socket, SIOCSIFFLAGS, request));
      } finally {
        symbols.close(socket);
      }
    },
    openUevents,
    rememberTerminal: openTerminalCalls(),
    setTime(epochMs) {
      const seconds = Math.floor(epochMs / 1000);
      const time = new BigInt64Array([
        BigInt(seconds),
        BigInt(Math.round((epochMs - seconds * 1000) * 1e6)),
      ]);
      check("set", "clock", symbols.clock_settime(CLOCK_REALTIME, bytesOf(time)));
    },
  };
}

function bytesOf(
  array: Uint16Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer);
}
