import { describe, expect, it } from "vitest";
import { openSlots } from "../../../agent/oci/slots.ts";

describe("openSlots", () => {
  it("runs so many at once, first come, first served", async () => {
    const slots = openSlots(2);
    const started: number[] = [];
    const opened: (() => void)[] = [];
    const gates = [0, 1, 2, 3, 4].map((index) =>
      new Promise<void>((resolve) => {
        opened[index] = resolve;
      })
    );
    let running = 0;
    let most = 0;
    const all = gates.map((gate, index) =>
      slots.run(async () => {
        started.push(index);
        most = Math.max(most, ++running);
        await gate;
        running--;
        return index;
      })
    );
    for (const open of [...opened].reverse()) open();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
    expect(started).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
  });
  it("frees a slot when the work fails", async () => {
    const slots = openSlots(1);
    await expect(slots.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await slots.run(() => Promise.resolve("next"))).toBe("next");
  });
  it("has at least one", async () => {
    expect(await openSlots(0).run(() => Promise.resolve(1))).toBe(1);
  });
});
