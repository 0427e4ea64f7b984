import { describe, expect, it } from "vitest";
import { parseErrorBody } from "../../../agent/oci/registry_error.ts";

function parse(text: string) {
  return parseErrorBody(new TextEncoder().encode(text));
}

describe("parseErrorBody", () => {
  it("takes codes and messages", () => {
    const errors = [
      { code: "MANIFEST_UNKNOWN", message: "manifest unknown", detail: { Tag: "x" } },
      { code: "DENIED", message: "no" },
    ];
    expect(parse(JSON.stringify({ errors }))).toEqual({
      codes: ["MANIFEST_UNKNOWN", "DENIED"],
      detail: "manifest unknown; no",
    });
  });
  it.each([
    "",
    "<html>",
    "null",
    "[]",
    "{}",
    '{"errors": 5}',
    '{"errors": [5, null, {"code": 1, "message": {}}]}',
    '{"errors": [{"code": "not a code"}]}',
  ])("finds nothing in '%s'", (text) => {
    expect(parse(text)).toEqual({ codes: [], detail: "" });
  });
  it("takes no time for long messages, and shows their controls", () => {
    const start = performance.now();
    const message = `a\nb\x1b[2J${"?key".repeat(16_000)}`;
    const { detail } = parse(JSON.stringify({ errors: [{ message }] }));
    expect(performance.now() - start).toBeLessThan(100);
    expect(detail).toMatch(/^a\\nb\\x1b\[2J\?key/);
    expect(detail.length).toBeLessThanOrEqual(200);
  });
  it("keeps it short and without secrets", () => {
    const message = `Bearer abcdef is no ${"x".repeat(1000)}`;
    const { detail } = parse(JSON.stringify({ errors: [{ message }] }));
    expect(detail.length).toBeLessThanOrEqual(200);
    expect(detail).not.toContain("abcdef");
  });
});
