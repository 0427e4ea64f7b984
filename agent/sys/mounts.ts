/** The root and the pseudo filesystems that a machine needs before anything else. */
import { AgentError, SyscallError } from "../errors.ts";
import { MS } from "./kernel.ts";
import type { System } from "./system.ts";

interface PseudoFilesystem {
  readonly type: string;
  readonly target: string;
  readonly flags: number;
  readonly data: string;
  /** Missing in some kernels, and nothing of ours needs it. */
  readonly optional?: true;
}

const HARDENED = MS.NOSUID | MS.NODEV | MS.NOEXEC;

/** In order: each target lies in the root or in a filesystem above it in this list. */
const PSEUDO_FILESYSTEMS: readonly PseudoFilesystem[] = [
  { type: "proc", target: "/proc", flags: HARDENED, data: "" },
  { type: "sysfs", target: "/sys", flags: HARDENED, data: "" },
  { type: "devtmpfs", target: "/dev", flags: MS.NOSUID, data: "mode=0755" },
  {
    type: "devpts",
    target: "/dev/pts",
    flags: MS.NOSUID | MS.NOEXEC,
    data: "gid=5,mode=0620,ptmxmode=0666",
  },
  { type: "tmpfs", target: "/dev/shm", flags: MS.NOSUID | MS.NODEV, data: "mode=1777" },
  { type: "mqueue", target: "/dev/mqueue", flags: HARDENED, data: "", optional: true },
  { type: "tmpfs", target: "/run", flags: MS.NOSUID | MS.NODEV, data: "mode=0755" },
  { type: "tmpfs", target: "/tmp", flags: MS.NOSUID | MS.NODEV, data: "mode=1777" },
  { type: "cgroup2", target: "/sys/fs/cgroup", flags: HARDENED, data: "nsdelegate" },
  {
    type: "securityfs",
    target: "/sys/kernel/security",
    flags: HARDENED,
    data: "",
    optional: true,
  },
  { type: "debugfs", target: "/sys/kernel/debug", flags: HARDENED, data: "", optional: true },
  { type: "tracefs", target: "/sys/kernel/tracing", flags: HARDENED, data: "", optional: true },
  { type: "bpf", target: "/sys/fs/bpf", flags: HARDENED, data: "mode=0700", optional: true },
];

/** Links that programs expect in /dev and that devtmpfs does not make. */
const DEVICE_LINKS: readonly (readonly [link: string, target: string])[] = [
  ["/dev/fd", "/proc/self/fd"],
  ["/dev/stdin", "/proc/self/fd/0"],
  ["/dev/stdout", "/proc/self/fd/1"],
  ["/dev/stderr", "/proc/self/fd/2"],
];

/**
 * Makes the root a mount that can be pivoted away from: pivot_root(2) refuses the initial ramfs,
 * and container runtimes need it. The root is bound on a folder, and that mount is moved over it.
 */
export function mountMovableRoot(sys: System): void {
  const folder = "/run";
  sys.kernel.mount("/", folder, "", MS.BIND, "");
  Deno.chdir(folder);
  sys.kernel.mount(".", "/", "", MS.MOVE, "");
  sys.kernel.chroot(".");
  Deno.chdir("/");
}

/** Mounts /proc, /sys, /dev and the rest. */
export function mountPseudoFilesystems(sys: System): void {
  for (const { type, target, flags, data, optional } of PSEUDO_FILESYSTEMS) {
    try {
      makeFolder(target);
      sys.kernel.mount(type, target, type, flags, data);
    } catch (cause) {
      if (optional) continue;
      throw new AgentError(`Cannot mount ${type} at ${target}`, { cause });
    }
  }
  for (const [link, target] of DEVICE_LINKS) Deno.symlinkSync(target, link);
}

function makeFolder(path: string): void {
  // mkdir in sysfs and friends answers EPERM even where the folder is there.
  try {
    Deno.statSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    Deno.mkdirSync(path, { recursive: true });
  }
}

/** What stays free beside a full RAM disk: the agent, the runtime, whatever runs in containers. */
const RESERVE_BYTES = 160 << 20;
/** The kernel keeps about 1 KiB for each file, outside of the size that is limited. */
const BYTES_PER_INODE = 8192;
const KERNEL_BYTES_PER_INODE = 1024;
const MOST_PERCENT = 75;

/**
 * Plans how much of the memory images and containers may fill. A RAM disk that can outgrow the
 * memory does not end in "no space left" but in the kernel's death.
 * @param total of the memory, bytes
 * @param available of it now, bytes
 */
export function planRamStorage(
  total: number,
  available: number,
): { readonly bytes: number; readonly inodes: number } {
  const room = Math.min(total * MOST_PERCENT / 100, available - RESERVE_BYTES);
  // Where there is hardly any, a small image may still fit.
  const usable = Math.max(room, available / 3);
  const bytes = Math.floor(usable * BYTES_PER_INODE / (BYTES_PER_INODE + KERNEL_BYTES_PER_INODE));
  return { bytes, inodes: Math.floor(bytes / BYTES_PER_INODE) };
}

/** Mounts a RAM disk for images and containers, as large as the memory allows now. */
export function mountRamStorage(sys: System, target: string): void {
  Deno.mkdirSync(target, { recursive: true });
  const { total, available } = Deno.systemMemoryInfo();
  const { bytes, inodes } = planRamStorage(total, available);
  const options = `mode=0755,size=${bytes},nr_inodes=${inodes}`;
  sys.kernel.mount("tmpfs", target, "tmpfs", MS.NODEV, options);
}

/** A mount of this machine, as /proc/self/mounts tells it. */
export interface MountEntry {
  readonly source: string;
  readonly target: string;
  readonly type: string;
}

/** Parses /proc/self/mounts (proc(5)); octal escapes are undone. */
export function parseMounts(text: string): readonly MountEntry[] {
  const unescape = (field: string) =>
    field.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const [source = "", target = "", type = ""] = line.split(" ").map(unescape);
    return { source, target, type };
  });
}

/** True for the error of a mount that is not there (any more). */
export function isNotMounted(error: unknown): boolean {
  return error instanceof SyscallError && (error.code === "EINVAL" || error.code === "ENOENT");
}
