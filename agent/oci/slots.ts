/** Work that may go on at the same time, up to a number. */

export interface Slots {
  /** Runs `work` as soon as one is free; first come, first served. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** @param count how many at once, at least 1 */
export function openSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = Math.max(1, count);

  async function run<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free--;
    // Whoever leaves hands the slot on, so it is never free in between.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  }
  return { run };
}
