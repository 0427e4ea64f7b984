/**
 * Mounts with options given one by one (fsopen(2), fsconfig(2), fsmount(2), move_mount(2)), so that
 * no page limits their length and no character in a path ends an option.
 */
import { SyscallError } from "../errors.ts";
import { errnoName } from "./errno.ts";

/** An option of a filesystem: a name and its value, or a name alone. A name may come again. */
export type FilesystemOption = readonly [name: string, value?: string];

/**
 * Makes a filesystem and puts it at a folder.
 * @param attributes MOUNT_ATTR
 * @throws SyscallError with the kernel's own words as its cause, where it has any
 */
export type MountFilesystem = (
  type: string,
  options: readonly FilesystemOption[],
  target: string,
  attributes: number,
) => void;

/** mount_setattr(2). */
export const MOUNT_ATTR = { RDONLY: 1, NOSUID: 2, NODEV: 4, NOEXEC: 8 } as const;

// The numbers are the same on x86-64 and arm64. Variadic, but integers and pointers go the same
// way as in other calls on both.
const SYMBOLS = {
  fsopen: { name: "syscall", parameters: ["i64", "buffer", "u32"], result: "i64" },
  fsconfig: {
    name: "syscall",
    parameters: ["i64", "i32", "u32", "buffer", "buffer", "i32"],
    result: "i64",
  },
  fsmount: { name: "syscall", parameters: ["i64", "i32", "u32", "u32"], result: "i64" },
  move_mount: {
    name: "syscall",
    parameters: ["i64", "i32", "buffer", "i32", "buffer", "u32"],
    result: "i64",
  },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

const SYS = { MOVE_MOUNT: 429n, FSOPEN: 430n, FSCONFIG: 431n, FSMOUNT: 432n } as const;
const CLOEXEC = 1;
const FSCONFIG = { SET_FLAG: 0, SET_STRING: 1, CMD_CREATE: 6 } as const;
const MOVE_MOUNT_F_EMPTY_PATH = 4;
const AT_FDCWD = -100;
const MESSAGE_BYTES = 4096;

/** Opens libc for the calling thread: errno is the thread's own. */
export function openMountApi(): MountFilesystem {
  const { symbols: c } = Deno.dlopen("libc.so.6", SYMBOLS);
  const encoder = new TextEncoder();
  const bytes = (text: string) => encoder.encode(`${text}\0`);

  // Right after the synchronous call, before anything else can run on this thread.
  function errnoNow(): number {
    const at = c.__errno_location();
    return at === null ? 0 : new Deno.UnsafePointerView(at).getInt32();
  }

  /** Each read(2) of a filesystem context gives one message; when none is left, it fails. */
  function readMessages(context: number): string {
    const buffer = new Uint8Array(MESSAGE_BYTES);
    const messages: string[] = [];
    for (;;) {
      const length = Number(c.read(context, buffer, BigInt(buffer.length)));
      if (length <= 0) return messages.join("; ");
      messages.push(new TextDecoder().decode(buffer.subarray(0, length)).trim());
    }
  }

  return (type, options, target, attributes) => {
    const open: number[] = [];
    const check = (result: bigint, step: string): number => {
      if (result >= 0n) return Number(result);
      const code = errnoName(errnoNow());
      const words = open[0] === undefined ? "" : readMessages(open[0]);
      throw new SyscallError(
        "mount",
        `${type} at ${target} (${step})`,
        code,
        words === "" ? {} : { cause: new Error(words) },
      );
    };
    try {
      const context = check(c.fsopen(SYS.FSOPEN, bytes(type), CLOEXEC), "fsopen");
      open.push(context);
      for (const [name, value] of options) {
        const command = value === undefined ? FSCONFIG.SET_FLAG : FSCONFIG.SET_STRING;
        const data = value === undefined ? null : bytes(value);
        check(c.fsconfig(SYS.FSCONFIG, context, command, bytes(name), data, 0), name);
      }
      const create = FSCONFIG.CMD_CREATE;
      check(c.fsconfig(SYS.FSCONFIG, context, create, null, null, 0), "create");
      const mount = check(c.fsmount(SYS.FSMOUNT, context, CLOEXEC, attributes), "fsmount");
      open.push(mount);
      const flags = MOVE_MOUNT_F_EMPTY_PATH;
      check(
        c.move_mount(SYS.MOVE_MOUNT, mount, bytes(""), AT_FDCWD, bytes(target), flags),
        "move_mount",
      );
    } finally {
      for (const fd of open) c.close(fd);
    }
  };
}
