import { describe, expect, it } from "vitest";
import { parseContentRange } from "../../../agent/http/content_range.ts";

describe("parseContentRange", () => {
  it.each([
    { header: "bytes 5-9/10", range: { first: 5, last: 9, total: 10 } },
    { header: "Bytes 0-0/1", range: { first: 0, last: 0, total: 1 } },
    { header: "bytes 5-9/*", range: { first: 5, last: 9, total: undefined } },
    { header: "bytes 5-10/10", range: undefined },
    { header: "bytes 9-5/10", range: undefined },
    { header: "bytes */10", range: undefined },
    { header: "items 5-9/10", range: undefined },
    { header: "", range: undefined },
    { header: null, range: undefined },
  ])("$header", ({ header, range }) => {
    expect(parseContentRange(header)).toEqual(range);
  });
});
