import { describe, expect, it } from "vitest";
import { parseKeys } from "../../../../initramfs/qemu/parse_keys.ts";

describe("parseKeys", () => {
  it.each([
    { name: "plain keys", typed: "ls\r\x03", text: "ls\r\x03" },
    { name: "Ctrl-A twice", typed: "a\x01\x01b", text: "a\x01b" },
    { name: "Ctrl-A and another key", typed: "\x01c", text: "\x01c" },
  ])("hands on $name", ({ typed, text }) => {
    expect(parseKeys(typed, false)).toEqual({ text, stop: false, pending: false });
  });

  it("stops at Ctrl-A X, after what was typed before", () => {
    expect(parseKeys("ls\x01xrm", false)).toEqual({ text: "ls", stop: true, pending: false });
  });

  it("remembers Ctrl-A from one piece to the next", () => {
    expect(parseKeys("a\x01", false)).toEqual({ text: "a", stop: false, pending: true });
    expect(parseKeys("X", true).stop).toBe(true);
    expect(parseKeys("b", true).text).toBe("\x01b");
  });
});
