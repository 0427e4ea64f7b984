/** Notices when nothing comes any more, without a timer for every read. */
import type { Clock } from "../sys/clock.ts";

/** Watches only between `start` and `stop`: a consumer that takes its time is no stall. */
export interface StallWatch extends Disposable {
  start(): void;
  /** Something came. */
  touch(): void;
  stop(): void;
}

/** @param onStall called once, when `limitMs` went by while watching and without a touch */
export function watchStall(
  sys: { readonly clock: Clock },
  limitMs: number,
  onStall: () => void,
): StallWatch {
  const over = new AbortController();
  let since: number | undefined;
  let sleeping = false;

  // Sleeps as long as a stall would take, then looks: while bytes flow, one timer every `limitMs`.
  async function watch(): Promise<void> {
    sleeping = true;
    while (since !== undefined && !over.signal.aborted) {
      const idle = sys.clock.uptime() - since;
      if (idle >= limitMs) {
        over.abort();
        onStall();
      } else {
        // Rejects when disposed, and the loop's condition says so too.
        await sys.clock.sleep(limitMs - idle, over.signal).catch(() => undefined);
      }
    }
    sleeping = false;
  }

  return {
    start() {
      since = sys.clock.uptime();
      if (!sleeping) void watch();
    },
    touch() {
      since = sys.clock.uptime();
    },
    stop() {
      since = undefined;
    },
    [Symbol.dispose]() {
      over.abort();
    },
  };
}
