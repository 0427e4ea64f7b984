/** System calls that Deno has no API for, through libc by FFI. */
import { checkCall } from "./errno.ts";
import { type MountFilesystem, openMountApi } from "./mount_api.ts";
import { createNetworkNamespace, type NetworkNamespace } from "./network_namespace.ts";
import { openRawSyscall, openWaitingSyscall, SYS, type SyscallArgument } from "./raw_syscall.ts";
import { type PortReservation, reservePort } from "./reserve_port.ts";
import { type LinkSocket, openLinkSocket } from "./link_socket.ts";
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
  /** Changes network interfaces of the machine. */
  openLinkSocket(): LinkSocket;
  /** Makes a network namespace with nothing but a loopback interface that is down. */
  createNetworkNamespace(): NetworkNamespace;
  /** Keeps a port of the machine from everybody else. */
  reservePort(port: PortReservation): Disposable;
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

const TIOCSWINSZ = 0x5414;
const SIOCGIFFLAGS = 0x8913;
const SIOCSIFFLAGS = 0x8914;
const IFF_UP = 1;
/** struct ifreq: a name of 16 bytes, then a union. */
const IFREQ = { size: 40, nameLimit: 15, flagsAt: 16 } as const;
const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
/** LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2 (reboot(2)). */
const REBOOT_MAGIC = [0xfee1dead, 672274793] as const;
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
  const call = openRawSyscall();
  const check = (name: string, path: string, number: number, ...args: SyscallArgument[]) =>
    checkCall(name, path, call(number, ...args));

  return {
    mount(source, target, type, flags, data) {
      const [from, to, kind, options] = [source, target, type, data].map(cString);
      check("mount", `${source} at ${target}`, SYS.MOUNT, from!, to!, kind!, flags, options!);
    },
    unmount(target, flags) {
      check("unmount", target, SYS.UMOUNT2, cString(target), flags);
    },
    mountFilesystem: openMountApi(),
    chroot(path) {
      check("chroot to", path, SYS.CHROOT, cString(path));
    },
    reboot(command) {
      const text = `(0x${(command >>> 0).toString(16)})`;
      check("reboot", text, SYS.REBOOT, ...REBOOT_MAGIC, command);
    },
    async sync() {
      await openWaitingSyscall()(SYS.SYNC);
    },
    setHostname(name) {
      const bytes = encoder.encode(name);
      check("set host name", name, SYS.SETHOSTNAME, bytes, bytes.length);
    },
    reap(pid) {
      return call(SYS.WAIT4, pid, null, WNOHANG, null) === pid;
    },
    rememberTerminal: openTerminalCalls(),
    setWindowSize(fd, rows, columns) {
      const size = bytesOf(new Uint16Array([rows, columns, 0, 0]));
      check("set terminal size of", `fd ${fd}`, SYS.IOCTL, fd, TIOCSWINSZ, size);
    },
    setLinkUp(name) {
      const request = new Uint8Array(IFREQ.size);
      const bytes = encoder.encode(name);
      if (bytes.length > IFREQ.nameLimit) throw new TypeError(`Cannot bring ${name} up: too long`);
      request.set(bytes);
      const flags = new DataView(request.buffer);
      const socket = check("open", "a socket", SYS.SOCKET, AF_INET, SOCK_DGRAM_CLOEXEC, 0);
      try {
        check("read flags of", name, SYS.IOCTL, socket, SIOCGIFFLAGS, request);
        flags.setUint16(IFREQ.flagsAt, flags.getUint16(IFREQ.flagsAt, true) | IFF_UP, true);
        check("bring up", name, SYS.IOCTL, socket, SIOCSIFFLAGS, request);
      } finally {
        call(SYS.CLOSE, socket);
      }
    },
    openLinkSocket,
    createNetworkNamespace,
    reservePort,
    openUevents,
    setTime(epochMs) {
      const seconds = Math.floor(epochMs / 1000);
      const nanoseconds = Math.round((epochMs - seconds * 1000) * 1e6);
      const time = bytesOf(new BigInt64Array([BigInt(seconds), BigInt(nanoseconds)]));
      check("set", "clock", SYS.CLOCK_SETTIME, CLOCK_REALTIME, time);
    },
  };
}

function bytesOf(
  array: Uint16Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer);
}
