import { describe, expect, it } from "vitest";
import { fingerprintOf, sha256Of } from "../../../../initramfs/build/fingerprint.ts";

describe("fingerprintOf", () => {
  const pieces = [["a.ts", "one"], ["b.ts", "two"]] as const;
  const fingerprint = fingerprintOf(new Map(pieces));

  it("is the same whatever the order", () => {
    expect(fingerprintOf(new Map([...pieces].reverse()))).toBe(fingerprint);
  });

  it("is the same for text and its bytes", () => {
    const bytes = pieces.map(([name, text]) => [name, new TextEncoder().encode(text)] as const);
    expect(fingerprintOf(new Map(bytes))).toBe(fingerprint);
  });

  it.each([
    { change: "a content", pieces: { "a.ts": "One", "b.ts": "two" } },
    { change: "a name", pieces: { "a.ts": "one", "c.ts": "two" } },
    { change: "an addition", pieces: { "a.ts": "one", "b.ts": "two", "c.ts": "" } },
    { change: "a removal", pieces: { "a.ts": "one" } },
    { change: "a content that moves", pieces: { "a.ts": "two", "b.ts": "one" } },
    { change: "a boundary that moves", pieces: { "a.ts": "on", "eb.ts": "two" } },
  ])("is another after $change", ({ pieces }) => {
    expect(fingerprintOf(new Map(Object.entries(pieces)))).not.toBe(fingerprint);
  });
});

describe("sha256Of", () => {
  it("is the hash that everybody knows", () => {
    expect(sha256Of("abc")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});
