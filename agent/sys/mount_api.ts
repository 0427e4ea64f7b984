/**
 * Mounts with options given one by one (fsopen(2), fsconfig(2), fsmount(2), move_mount(2)), so that
 * no page limits their length and no character in a path ends an option.
 */
import { SyscallError } from "../errors.ts";
import { errnoName } from "./errno.ts";
import { AT_FDCWD, openRawSyscall, SYS } from "./raw_syscall.ts";

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

const CLOEXEC = 1;
const FSCONFIG = { SET_FLAG: 0, SET_STRING: 1, CMD_CREATE: 6 } as const;
const MOVE_MOUNT_F_EMPTY_PATH = 4;
const MESSAGE_BYTES = 4096;

export function openMountApi(): MountFilesystem {
  const call = openRawSyscall();
  const encoder = new TextEncoder();
  const bytes = (text: string) => encoder.encode(`${text}\0`);

  /** Each read(2) of a filesystem context gives one message; when none is left, it fails. */
  function readMessages(context: number): string {
    const buffer = new Uint8Array(MESSAGE_BYTES);
    const messages: string[] = [];
    for (;;) {
      const length = call(SYS.READ, context, buffer, buffer.length);
      if (length <= 0) return messages.join("; ");
      messages.push(new TextDecoder().decode(buffer.subarray(0, length)).trim());
    }
  }

  return (type, options, target, attributes) => {
    const open: number[] = [];
    const check = (result: number, step: string): number => {
      if (result >= 0) return result;
      const words = open[0] === undefined ? "" : readMessages(open[0]);
      throw new SyscallError(
        "mount",
        `${type} at ${target} (${step})`,
        errnoName(-result),
        words === "" ? {} : { cause: new Error(words) },
      );
    };
    try {
      const context = check(call(SYS.FSOPEN, bytes(type), CLOEXEC), "fsopen");
      open.push(context);
      for (const [name, value] of options) {
        const command = value === undefined ? FSCONFIG.SET_FLAG : FSCONFIG.SET_STRING;
        const data = value === undefined ? null : bytes(value);
        check(call(SYS.FSCONFIG, context, command, bytes(name), data, 0), name);
      }
      check(call(SYS.FSCONFIG, context, FSCONFIG.CMD_CREATE, null, null, 0), "create");
      const mount = check(call(SYS.FSMOUNT, context, CLOEXEC, attributes), "fsmount");
      open.push(mount);
      const flags = MOVE_MOUNT_F_EMPTY_PATH;
      check(
        call(SYS.MOVE_MOUNT, mount, bytes(""), AT_FDCWD, bytes(target), flags),
        "move_mount",
      );
    } finally {
      for (const fd of open) call(SYS.CLOSE, fd);
    }
  };
}
