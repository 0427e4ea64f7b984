import { describe, expect, it } from "vitest";
import {
  locate,
  sliceLocated,
  spanOf,
  splitLocated,
  trimLocated,
} from "../../../agent/config/located.ts";

const source = { name: "test", text: "key=a, bc ,d" };
const value = locate(source, 4, source.text.length);

describe("located text", () => {
  it("keeps the place of slices", () => {
    const piece = sliceLocated(value, 3, 5);
    expect(piece.text).toBe("bc");
    expect(spanOf(piece)).toEqual({ start: 7, end: 9 });
  });

  it("keeps the place of what is empty", () => {
    expect(spanOf(sliceLocated(value, 8, 8))).toEqual({ start: 12, end: 12 });
    expect(spanOf(sliceLocated(value, 2, 2))).toEqual({ start: 6, end: 6 });
  });

  it("splits and trims with places", () => {
    const pieces = splitLocated(value, ",").map(trimLocated);
    expect(pieces.map(({ text }) => text)).toEqual(["a", "bc", "d"]);
    expect(pieces.map((piece) => spanOf(piece).start)).toEqual([4, 7, 11]);
  });

  it("splits up to a limit", () => {
    expect(splitLocated(value, ",", 2).map(({ text }) => text)).toEqual(["a", " bc ,d"]);
  });

  it("covers characters that were dropped between", () => {
    const quoted = { source, text: "ad", offsets: [4, 11, 12] };
    expect(spanOf(quoted)).toEqual({ start: 4, end: 12 });
  });
});
