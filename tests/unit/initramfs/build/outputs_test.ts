import { describe, expect, it } from "vitest";
import { joinSegments } from "../../../../initramfs/build/outputs.ts";

describe("joinSegments", () => {
  it("puts one behind the other, and zeros only at the end", () => {
    const joined = joinSegments([new Uint8Array([1, 2, 3]), new Uint8Array([4, 5])]);
    expect([...joined]).toEqual([1, 2, 3, 4, 5, 0, 0, 0]);
  });

  it("adds nothing where the next archive may start", () => {
    expect(joinSegments([new Uint8Array(4), new Uint8Array(8)]).length).toBe(12);
    expect(joinSegments([]).length).toBe(0);
  });
});
