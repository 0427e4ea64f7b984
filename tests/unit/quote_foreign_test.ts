import { describe, expect, it } from "vitest";
import { quoteForeign } from "../../agent/quote_foreign.ts";

describe("quoteForeign", () => {
  it.each([
    { text: "plain ü text", wanted: "plain ü text" },
    { text: "a\nb\tc\r", wanted: "a\\nb\\tc\\x0d" },
    { text: "\x1b[2J\x9b\0", wanted: "\\x1b[2J\\x9b\\x00" },
    { text: "a\u202eb\u2028", wanted: "a\\u{202e}b\\u{2028}" },
    { text: "", wanted: "" },
    { text: "x".repeat(1 << 21), wanted: `${"x".repeat(200)}… (2096952 characters more)` },
  ])("shows $wanted", ({ text, wanted }) => expect(quoteForeign(text)).toBe(wanted));

  it("cuts where it is told", () => {
    expect(quoteForeign("abcdef", 4)).toBe("abcd… (2 characters more)");
  });
});
