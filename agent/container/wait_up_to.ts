import type { Clock } from "../sys/clock.ts";

/** Waits for a promise, but not longer than some milliseconds. @returns undefined: it took longer */
export async function waitUpTo<T>(
  clock: Clock,
  promise: Promise<T>,
  ms: number,
): Promise<T | undefined> {
  const timer = new AbortController();
  // The timer's end, and its being given up, both mean: no result.
  const timeUp = clock.sleep(ms, timer.signal).then(() => undefined, () => undefined);
  try {
    return await Promise.race([promise, timeUp]);
  } finally {
    timer.abort();
  }
}
