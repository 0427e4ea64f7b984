import { describe, expect, it } from "vitest";
import { planPadding } from "../../../../initramfs/qemu/join_archives.ts";

describe("planPadding", () => {
  it.each([
    { size: 0, padding: 0 },
    { size: 1, padding: 3 },
    { size: 511, padding: 1 },
    { size: 512, padding: 0 },
  ])("after $size bytes: $padding", ({ size, padding }) => {
    expect(planPadding(size)).toBe(padding);
  });
});
