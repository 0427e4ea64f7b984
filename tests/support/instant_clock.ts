/** A clock on which every wait is over at once, and leaves its length behind. */
import type { Clock } from "../../agent/sys/clock.ts";

export interface InstantClock extends Clock {
  /** The waits so far, in milliseconds. */
  readonly waits: readonly number[];
}

/** @param start milliseconds since 1970 */
export function instantClock(start = 0): InstantClock {
  const waits: number[] = [];
  let passed = 0;
  return {
    waits,
    now: () => start + passed,
    uptime: () => passed,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      waits.push(ms);
      passed += ms;
      return Promise.resolve();
    },
  };
}
