import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isElf, parseElf } from "../../../../initramfs/build/elf.ts";
import { elfBytes } from "../../../support/elf_bytes.ts";

describe("parseElf", () => {
  it("reads a real program", () => {
    const bytes = new Uint8Array(readFileSync("/bin/true"));
    const elf = parseElf(bytes, "true");
    expect([62, 183]).toContain(elf.machine);
    expect(elf.interpreter).toMatch(/^\/lib.*\/ld-linux/);
    expect(elf.needed).toContain("libc.so.6");
    expect(elf.sectionsEnd).toBe(bytes.length);
  });

  it("reads the parts of a made one", () => {
    const spec = { machine: 183, interpreter: "/lib/ld.so", needed: ["liba.so.1", "libb.so.2"] };
    const bytes = elfBytes(spec);
    expect(parseElf(bytes, "x")).toEqual({ ...spec, sectionsEnd: bytes.length });
  });

  it("reads a static program", () => {
    expect(parseElf(elfBytes({}), "x")).toMatchObject({ interpreter: undefined, needed: [] });
  });

  it("takes bytes out of the middle of a buffer", () => {
    const bytes = elfBytes({ needed: ["libc.so.6"] });
    const larger = new Uint8Array(bytes.length + 100);
    larger.set(bytes, 33);
    expect(parseElf(larger.subarray(33), "x").needed).toEqual(["libc.so.6"]);
  });

  it("refuses what is no ELF file", () => {
    const script = new TextEncoder().encode("#!/bin/sh\n");
    expect(() => parseElf(script, "a script")).toThrow(
      "Cannot read a script as an ELF file: it has no ELF header",
    );
    expect(() => parseElf(new Uint8Array(), "nothing")).toThrow(/no ELF header/);
    expect(isElf(script)).toBe(false);
  });

  it("refuses 32 bits and big ends", () => {
    const small = elfBytes({});
    small[4] = 1;
    expect(() => parseElf(small, "x")).toThrow(/not 64-bit/);
    const big = elfBytes({});
    big[5] = 2;
    expect(() => parseElf(big, "x")).toThrow(/not 64-bit little-endian/);
  });

  it("refuses every file that is cut short before its strings", () => {
    const bytes = elfBytes({ needed: ["libc.so.6"] });
    const stringsEnd = bytes.length - 64;
    for (let size = 0; size < stringsEnd; size++) {
      expect(() => parseElf(bytes.subarray(0, size), "x"), `${size}`).toThrow(/Cannot read x/);
    }
  });

  it.each([
    { name: "segments outside", offset: 32, value: 1n << 40n },
    { name: "segments at no number", offset: 32, value: (1n << 64n) - 1n },
    { name: "strings at no address", offset: 64 + 3 * 56 + 24, value: 1n },
    { name: "a name outside", offset: 64 + 3 * 56 + 8, value: 1n << 30n },
  ])("refuses $name", ({ offset, value }) => {
    const bytes = elfBytes({ needed: ["libc.so.6"] });
    new DataView(bytes.buffer).setBigUint64(offset, value, true);
    expect(() => parseElf(bytes, "x")).toThrow("it is cut short or damaged");
  });
});
