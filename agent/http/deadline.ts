/** Every wait has an end. */
import { TimeoutError } from "../errors.ts";
import type { Clock } from "../sys/clock.ts";

/**
 * Runs something that must be over in time. The signal that it gets stays useful afterwards: it
 * follows `signal` for as long as what was started with it lives.
 * @throws TimeoutError when it was not; the reason of `signal` when that is aborted
 */
export async function withDeadline<T>(
  sys: { readonly clock: Clock },
  limit: { readonly what: string; readonly ms: number; readonly signal?: AbortSignal | undefined },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const done = new AbortController();
  const timer = sys.clock.sleep(limit.ms, done.signal).then(
    () => over.abort(new TimeoutError(limit.what, limit.ms)),
    // The ordinary case: what was waited for came first.
    () => undefined,
  );
  const signal = limit.signal ? AbortSignal.any([over.signal, limit.signal]) : over.signal;
  try {
    return await run(signal);
  } finally {
    done.abort();
    await timer;
  }
}
