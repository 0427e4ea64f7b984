/** Files of a container's root, found without following anything out of it. */
import { AgentError, SyscallError } from "../errors.ts";
import { errnoName } from "../sys/errno.ts";
import { O, RESOLVE } from "../sys/file_calls.ts";
import { cString } from "../sys/kernel.ts";
import { AT_FDCWD, openRawSyscall, SYS } from "../sys/raw_syscall.ts";

/** A file or folder that is held open. Dispose it. */
export interface PathInRoot extends Disposable {
  /** Leads to it from every process of this machine, whatever its name becomes. */
  readonly path: string;
}

/** Of a text file that people edit. */
const TEXT_LIMIT_BYTES = 4 << 20;

/**
 * Opens a path inside a root: every link on the way, absolute ones too, stays below the root
 * (openat2(2), RESOLVE_IN_ROOT).
 * @returns undefined when there is nothing
 * @throws SyscallError
 */
export function openPathInRoot(root: string, path: string): PathInRoot | undefined {
  const call = openRawSyscall();
  const check = (result: number) => {
    if (result < 0) throw new SyscallError("open", `${path} in ${root}`, errnoName(-result));
    return result;
  };
  // O_PATH: opening a pipe or a device for reading could wait, or do something.
  const open = (folder: number, name: string, flags: number, resolve: number) => {
    const how = new BigUint64Array([BigInt(flags | O.PATH | O.CLOEXEC), 0n, BigInt(resolve)]);
    const bytes = new Uint8Array(how.buffer);
    return call(SYS.OPENAT2, folder, cString(name), bytes, bytes.length);
  };
  const folder = check(open(AT_FDCWD, root, O.DIRECTORY, 0));
  const file = open(folder, path, 0, RESOLVE.IN_ROOT | RESOLVE.NO_MAGICLINKS);
  call(SYS.CLOSE, folder);
  if (file < 0 && ["ENOENT", "ENOTDIR"].includes(errnoName(-file))) return undefined;
  check(file);
  return {
    path: `/proc/${Deno.pid}/fd/${file}`,
    [Symbol.dispose]: () => void call(SYS.CLOSE, file),
  };
}

/**
 * Reads a text file of a container's root.
 * @returns undefined when there is none
 * @throws AgentError when it is no regular file, or larger than 4 MiB
 */
export function readTextInRoot(root: string, path: string): string | undefined {
  using file = openPathInRoot(root, path);
  if (!file) return undefined;
  const { isFile, size } = Deno.statSync(file.path);
  if (!isFile) throw new AgentError(`Cannot read ${path} of the image: it is no regular file`);
  if (size > TEXT_LIMIT_BYTES) {
    throw new AgentError(`Cannot read ${path} of the image: it is larger than 4 MiB`);
  }
  return Deno.readTextFileSync(file.path);
}
