import { describe, expect, it } from "vitest";
import { parseWarnings } from "../../../agent/oci/warning.ts";

describe("parseWarnings", () => {
  it.each([
    { header: '299 - "going away"', wanted: ["going away"] },
    { header: '299 - "a, b", 299 host:1 "c \\"d\\""', wanted: ["a, b", 'c "d"'] },
    { header: '110 - "stale", 299 - "x"', wanted: ["x"] },
    { header: '299 - ""', wanted: [] },
    { header: "299 - unquoted", wanted: [] },
    { header: '1299 - "x"', wanted: [] },
    { header: "", wanted: [] },
  ])("$header", ({ header, wanted }) => {
    expect(parseWarnings(header)).toEqual(wanted);
  });
});
