/** One build at a time in a cache. */
import { TimeoutError } from "../../agent/errors.ts";

const WAIT_LIMIT_MS = 900_000;

/**
 * Locks a folder until the result is disposed. The kernel drops the lock of a process that ends.
 * @param onWait called when another process has it
 * @throws TimeoutError after 15 minutes
 */
export async function lockFolder(folder: string, onWait: () => void): Promise<Disposable> {
  await Deno.mkdir(folder, { recursive: true });
  const file = await Deno.open(`${folder}/lock`, { write: true, create: true });
  if (await file.tryLock(true)) return file;
  onWait();
  const timeout = Promise.withResolvers<never>();
  const limit = setTimeout(
    () => timeout.reject(new TimeoutError("another build", WAIT_LIMIT_MS)),
    WAIT_LIMIT_MS,
  );
  try {
    await Promise.race([file.lock(true), timeout.promise]);
  } finally {
    clearTimeout(limit);
  }
  return file;
}
