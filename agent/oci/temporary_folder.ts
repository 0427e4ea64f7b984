/**
 * Folders that something is made in before it gets its name. Each is locked while it is in use, so
 * that what a crash left behind can be told from what another process is at.
 */
import { AgentError, SyscallError } from "../errors.ts";
import { checkCall, ENOENT } from "../sys/errno.ts";
import { O, openFileCalls } from "../sys/file_calls.ts";
import { cString } from "../sys/kernel.ts";
import { AT_FDCWD, openRawSyscall, SYS } from "../sys/raw_syscall.ts";
import { removeTree } from "./remove_tree.ts";

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /**
   * Writes everything to the disk, then gives the folder its name.
   * @param to on the same filesystem
   * @throws SyscallError (`EEXIST`, `ENOTEMPTY` when there is one already)
   */
  publish(to: string): Promise<void>;
}

const LOCK_EX_NB = 2 | 4;
const TRIES = 8;

/** Makes one below `folder`. Disposed before it is published, it goes with all that is in it. */
export function openTemporaryFolder(folder: string): TemporaryFolder {
  const call = openRawSyscall();
  for (let tries = 0; tries < TRIES; tries++) {
    const path = `${folder}/${crypto.randomUUID()}`;
    Deno.mkdirSync(path, { mode: 0o700 });
    const file = openLocked(path);
    // Somebody who cleans up may have come in between.
    if (file === undefined) continue;
    let isPublished = false;
    return {
      path,
      async publish(to) {
        await syncFilesystem(path, file);
        rename(path, to);
        isPublished = true;
        syncFolder(to.slice(0, to.lastIndexOf("/")));
      },
      async [Symbol.asyncDispose]() {
        try {
          if (!isPublished) await removeFolder(path);
        } finally {
          call(SYS.CLOSE, file);
        }
      },
    };
  }
  throw new AgentError(`Cannot make a folder in ${folder}: others keep removing it`);
}

/** Removes what crashed processes left in `folder`. */
export async function removeLeftovers(folder: string): Promise<void> {
  const call = openRawSyscall();
  for await (const { name } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    const file = openLocked(path);
    if (file === undefined) continue; // in use, or gone
    try {
      await removeFolder(path);
    } finally {
      call(SYS.CLOSE, file);
    }
  }
}

/** Writes out the whole filesystem: cheaper than file by file. In another thread, as it takes long. */
async function syncFilesystem(path: string, file: number): Promise<void> {
  const { symbols } = Deno.dlopen("libc.so.6", {
    syncfs: { parameters: ["i32"], result: "i32", nonblocking: true },
  });
  // Whatever it was is in that thread's errno; to write is all that can fail here.
  if (await symbols.syncfs(file) !== 0) throw new SyscallError("write out", path, "EIO");
}

/** Makes names that were made in a folder outlast a power cut. */
export function syncFolder(path: string): void {
  const call = openRawSyscall();
  const file = checkCall("open", path, call(SYS.OPENAT, AT_FDCWD, cString(path), O.DIRECTORY, 0));
  const result = call(SYS.FSYNC, file);
  call(SYS.CLOSE, file);
  checkCall("write out", path, result);
}

/** Undefined: another has it, or it is gone. */
function openLocked(path: string): number | undefined {
  const call = openRawSyscall();
  const flags = O.RDONLY | O.NOFOLLOW | O.CLOEXEC;
  const file = call(SYS.OPENAT, AT_FDCWD, cString(path), flags, 0);
  if (file === -ENOENT) return undefined;
  checkCall("open", path, file);
  // Locked, and still the one of that name.
  if (call(SYS.FLOCK, file, LOCK_EX_NB) >= 0 && isSame(path, file)) return file;
  call(SYS.CLOSE, file);
  return undefined;
}

function isSame(path: string, file: number): boolean {
  const [named, open] = [statOrNothing(path), statOrNothing(`/proc/self/fd/${file}`)];
  return named !== undefined && named.ino === open?.ino;
}

function statOrNothing(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function rename(from: string, to: string): void {
  const call = openRawSyscall();
  const result = call(SYS.RENAMEAT2, AT_FDCWD, cString(from), AT_FDCWD, cString(to), 0);
  checkCall("rename", `${from} to ${to}`, result);
}

async function removeFolder(path: string): Promise<void> {
  try {
    // Not on this thread: a layer may have very many files.
    await Deno.remove(path, { recursive: true });
  } catch {
    // Nested too deep for it, or a name that is not UTF-8: ours is slower and knows no such limits.
    const result = removeTree(openFileCalls(), AT_FDCWD, cString(path));
    if (result !== -ENOENT) checkCall("remove", path, result);
  }
}
