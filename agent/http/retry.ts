/** The only place where something is tried again. */
import { HttpError, TimeoutError } from "../errors.ts";
import type { Clock } from "../sys/clock.ts";

export interface RetryPolicy {
  /** Attempts in all, the first one included. */
  readonly tries: number;
  /** The wait after the first failure; it doubles each time. */
  readonly firstDelayMs: number;
  readonly capMs: number;
}

/** For what is fetched while a person waits for a machine. */
export const PATIENT: RetryPolicy = { tries: 5, firstDelayMs: 1000, capMs: 60_000 };

/** A server that wants a longer pause than this is not waited for. */
const RETRY_AFTER_LIMIT_MS = 300_000;

/** Tells what is about to happen: `attempt` failed, the next starts after `delayMs`. */
export type OnRetry = (event: {
  readonly error: unknown;
  /** 1 for the first. */
  readonly attempt: number;
  readonly tries: number;
  readonly delayMs: number;
}) => void;

/** Counts the failures of one piece of work. */
export interface Backoff {
  /**
   * Waits before the next attempt.
   * @throws the error itself when it is final, or no attempt is left
   */
  waitAfter(error: unknown, signal?: AbortSignal): Promise<void>;
  /** Forgets the failures so far: there was progress. */
  reset(): void;
}

/** Starts counting. */
export function openBackoff(
  sys: { readonly clock: Clock },
  policy: RetryPolicy,
  onRetry?: OnRetry,
): Backoff {
  let failures = 0;
  return {
    async waitAfter(error, signal) {
      failures++;
      signal?.throwIfAborted();
      if (!isRetryable(error) || failures >= policy.tries) throw error;
      const asked = error instanceof HttpError ? error.retryAfterMs : undefined;
      if (asked !== undefined && asked > RETRY_AFTER_LIMIT_MS) throw error;
      const delayMs = planDelay(failures, policy, Math.random(), asked);
      onRetry?.({ error, attempt: failures, tries: policy.tries, delayMs });
      await sys.clock.sleep(delayMs, signal);
    },
    reset() {
      failures = 0;
    },
  };
}

/**
 * Runs something until it succeeds.
 * @throws the last error, unchanged
 */
export async function retry<T>(
  sys: { readonly clock: Clock },
  policy: RetryPolicy,
  attempt: () => Promise<T>,
  options: { readonly signal?: AbortSignal | undefined; readonly onRetry?: OnRetry | undefined } =
    {},
): Promise<T> {
  const backoff = openBackoff(sys, policy, options.onRetry);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      await backoff.waitAfter(error, options.signal);
    }
  }
}

/**
 * Plans the wait after a failure: exponential, with half of it at random so that machines that
 * lost the same server do not come back all at once.
 * @param failures 1 after the first
 * @param random in [0, 1)
 * @param askedMs what the server asked for; it is never undercut
 */
export function planDelay(
  failures: number,
  policy: RetryPolicy,
  random: number,
  askedMs: number | undefined,
): number {
  const full = Math.min(policy.capMs, policy.firstDelayMs * 2 ** (failures - 1));
  return Math.max(Math.round(full * (0.5 + random / 2)), askedMs ?? 0);
}

/** True when the same request may succeed later. */
export function isRetryable(error: unknown): boolean {
  return error instanceof TimeoutError || (error instanceof HttpError && error.retryable);
}

/** True for the answers that may be another one later. */
export function isRetryableStatus(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}
