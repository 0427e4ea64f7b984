import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { parseLinkAnswer, renderLinkChange } from "../../../agent/sys/link_messages.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex").match(/.{1,8}/g)?.join(" ");
const view = (...words: readonly number[]) => new DataView(new Uint32Array(words).buffer);

describe("renderLinkChange", () => {
  // Against what the kernel's headers say, field by field; that it takes them shows elsewhere.
  it("sets an interface up", () => {
    expect(hex(renderLinkChange({ kind: "set-up", index: 2 }))).toBe(
      "20000000 10000500 00000000 00000000 " + // length, RTM_NEWLINK, REQUEST | ACK
        "00000000 02000000 01000000 01000000", // index, flags, change
    );
  });

  it("adds an address, its attributes in order", () => {
    const change = { kind: "add-address", index: 3, address: "10.88.0.1", prefix: 16 } as const;
    expect(hex(renderLinkChange(change))).toBe(
      "28000000 14000506 00000000 00000000 02100000 03000000 " +
        "08000200 0a580001 08000100 0a580001",
    );
  });

  it("pads a name, and does not count the padding", () => {
    const change = { kind: "add-bridge", name: "b2c0", address: new Uint8Array(6) } as const;
    expect(hex(renderLinkChange(change))).toContain("09000300 62326330 00000000");
  });
});

describe("parseLinkAnswer", () => {
  it.each([
    { about: "done", answer: view(36, 2, 0, 0, 0), wanted: 0 },
    { about: "a failure", answer: view(36, 2, 0, 0, -19 >>> 0), wanted: -19 },
    { about: "an interface", answer: view(32, 16, 0, 0, 0, 7, 0, 0), wanted: 7 },
  ])("tells $about", ({ answer, wanted }) => expect(parseLinkAnswer(answer)).toBe(wanted));

  it("refuses what it did not ask for", () => {
    expect(() => parseLinkAnswer(view(16, 3, 0, 0))).toThrow("type 3");
  });
});
