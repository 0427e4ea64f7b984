/** Notices when nothing, or next to nothing, comes any more, without a timer for every read. */
import type { Clock } from "../sys/clock.ts";

/** Watches only between `start` and `stop`: a consumer that takes its time is no stall. */
export interface StallWatch extends Disposable {
  start(): void;
  /** Something came: so many bytes. */
  touch(bytes: number): void;
  stop(): void;
}

/** What comes more slowly than this, on average over the time, comes to no end. */
export const LOWEST_RATE = { bytes: 60 << 10, ms: 60_000 } as const;

/**
 * @param onStall called once. `silent`: `limitMs` went by while watching and without a touch;
 * `slow`: less came than at the lowest rate
 */
export function watchStall(
  sys: { readonly clock: Clock },
  limitMs: number,
  onStall: (how: "silent" | "slow") => void,
): StallWatch {
  const over = new AbortController();
  let since: number | undefined;
  let sleeping = false;
  /** Since the rate was looked at last: bytes that came, and time that was watched. */
  let bytesSince = 0;
  let watchedMs = 0;
  /** Until when `watchedMs` counts. */
  let counted = 0;

  function stall(how: "silent" | "slow"): void {
    if (over.signal.aborted) return;
    over.abort();
    onStall(how);
  }

  // Sleeps as long as a stall would take, then looks: while bytes flow, one timer every `limitMs`.
  async function watch(): Promise<void> {
    sleeping = true;
    while (since !== undefined && !over.signal.aborted) {
      const idle = sys.clock.uptime() - since;
      if (idle >= limitMs) {
        stall("silent");
      } else {
        // Rejects when disposed, and the loop's condition says so too.
        await sys.clock.sleep(limitMs - idle, over.signal).catch(() => undefined);
      }
    }
    sleeping = false;
  }

  return {
    start() {
      since = counted = sys.clock.uptime();
      if (!sleeping) void watch();
    },
    touch(bytes) {
      since = sys.clock.uptime();
      bytesSince += bytes;
      watchedMs += since - counted;
      counted = since;
      if (watchedMs < LOWEST_RATE.ms) return;
      // A long wait may have gone before: what counts is the rate.
      if (bytesSince / watchedMs < LOWEST_RATE.bytes / LOWEST_RATE.ms) stall("slow");
      bytesSince = watchedMs = 0;
    },
    stop() {
      since = undefined;
    },
    [Symbol.dispose]() {
      over.abort();
    },
  };
}
