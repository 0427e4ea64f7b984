/** Time, as a seam: tests hand in a clock of their own. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since the kernel started, monotonic; since the agent started without /proc. */
  uptime(): number;
  /**
   * Waits.
   * @throws the signal's reason when it is aborted first
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => Date.now(),
  uptime: () => readUptimeMs(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  },
};

// performance.now() counts from the start of this process; the kernel's log counts from its own.
let offsetMs: number | undefined;

function readUptimeMs(): number {
  offsetMs ??= readOffsetMs();
  return (offsetMs ?? 0) + performance.now();
}

function readOffsetMs(): number | undefined {
  try {
    const [seconds] = Deno.readTextFileSync("/proc/uptime").split(" ");
    return Number(seconds) * 1000 - performance.now();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
