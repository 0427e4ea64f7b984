import { describe, expect, it } from "vitest";
import { watchStall } from "../../../agent/http/watch_stall.ts";

/** A clock that goes on only when told to. */
function manualClock() {
  let time = 0;
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  const clock = {
    now: () => time,
    uptime: () => time,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        sleepers.push({ until: time + ms, wake: resolve });
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  async function advance(ms: number): Promise<void> {
    time += ms;
    for (const sleeper of sleepers) if (sleeper.until <= time) sleeper.wake();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return { clock, advance, sleepers };
}

describe("watchStall", () => {
  it("notices silence, once", async () => {
    const { clock, advance } = manualClock();
    let stalls = 0;
    const watch = watchStall({ clock }, 30_000, () => stalls++);
    watch.start();
    await advance(29_999);
    expect(stalls).toBe(0);
    await advance(1);
    await advance(60_000);
    expect(stalls).toBe(1);
  });
  it("counts from the last touch", async () => {
    const { clock, advance } = manualClock();
    let stalls = 0;
    const watch = watchStall({ clock }, 30_000, () => stalls++);
    watch.start();
    for (let step = 0; step < 5; step++) {
      await advance(20_000);
      watch.touch(1 << 20);
    }
    expect(stalls).toBe(0);
    await advance(30_000);
    expect(stalls).toBe(1);
  });
  it("has patience with a consumer that takes its time", async () => {
    const { clock, advance, sleepers } = manualClock();
    let stalls = 0;
    const watch = watchStall({ clock }, 30_000, () => stalls++);
    watch.start();
    watch.stop();
    await advance(90_000);
    watch.start();
    await advance(29_000);
    watch.stop();
    expect(stalls).toBe(0);
    expect(sleepers.length).toBeLessThanOrEqual(2);
  });
  it.each([
    { rate: "one byte every 25 s", bytes: 1, everyMs: 25_000, stalls: ["slow"] },
    { rate: "a little less than 1 KiB/s", bytes: 1023, everyMs: 1000, stalls: ["slow"] },
    { rate: "1 KiB/s", bytes: 1024, everyMs: 1000, stalls: [] },
    { rate: "25 KiB every 25 s", bytes: 25 << 10, everyMs: 25_000, stalls: [] },
  ])("tells a trickle from a slow line: $rate", async ({ bytes, everyMs, stalls }) => {
    const { clock, advance } = manualClock();
    const told: string[] = [];
    const watch = watchStall({ clock }, 30_000, (how) => told.push(how));
    for (let time = 0; time < 200_000; time += everyMs) {
      watch.start();
      await advance(everyMs);
      watch.touch(bytes);
      watch.stop();
    }
    expect(told).toEqual(stalls);
  });
  it("does not take a slow consumer for a slow line", async () => {
    const { clock, advance } = manualClock();
    let stalls = 0;
    const watch = watchStall({ clock }, 30_000, () => stalls++);
    for (let step = 0; step < 100; step++) {
      watch.start();
      await advance(10);
      watch.touch(100);
      watch.stop();
      await advance(60_000);
    }
    expect(stalls).toBe(0);
  });
  it("is silent once disposed", async () => {
    const { clock, advance } = manualClock();
    let stalls = 0;
    const watch = watchStall({ clock }, 30_000, () => stalls++);
    watch.start();
    watch[Symbol.dispose]();
    await advance(90_000);
    expect(stalls).toBe(0);
  });
});
