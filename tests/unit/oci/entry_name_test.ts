import { describe, expect, it } from "vitest";
import { EntryName, renderName } from "../../../agent/oci/entry_name.ts";
import { toBytes } from "../../support/tar_bytes.ts";

const text = (bytes: Uint8Array, length: number) =>
  new TextDecoder().decode(bytes.subarray(0, length));

describe("EntryName", () => {
  it.each([
    { name: "a", parent: "", base: "a" },
    { name: "usr/bin/ls", parent: "usr/bin", base: "ls" },
    { name: "./usr//bin/./ls/", parent: "usr/bin", base: "ls" },
    { name: "///etc/passwd", parent: "etc", base: "passwd" },
    { name: "a/...", parent: "a", base: "..." },
    { name: "a/..b", parent: "a", base: "..b" },
    { name: ".", parent: "", base: "" },
    { name: "./", parent: "", base: "" },
    { name: "/", parent: "", base: "" },
    { name: "x/".repeat(1000) + "y", parent: "x/".repeat(999) + "x", base: "y" },
    { name: "y".repeat(255), parent: "", base: "y".repeat(255) },
  ])("takes $name apart", ({ name, parent, base }) => {
    const taken = new EntryName();
    expect(taken.parse(toBytes(name))).toBe(undefined);
    expect(text(taken.parent, taken.parentLength)).toBe(parent);
    expect(text(taken.base, taken.baseLength)).toBe(base);
    expect(taken.parent[taken.parentLength]).toBe(0);
    expect(taken.base[taken.baseLength]).toBe(0);
  });

  it("serves many names", () => {
    const taken = new EntryName();
    taken.parse(toBytes("a/long/parent/and-a-long-base"));
    taken.parse(toBytes("b/c"));
    expect(text(taken.parent, taken.parentLength)).toBe("b");
    expect(text(taken.base, taken.baseLength + 1)).toBe("c\0");
  });

  it("keeps bytes that are not UTF-8", () => {
    const taken = new EntryName();
    expect(taken.parse(new Uint8Array([0xff, 0x2f, 0xfe, 0x80]))).toBe(undefined);
    expect(taken.parent.slice(0, 2)).toEqual(new Uint8Array([0xff, 0]));
    expect(taken.base.slice(0, 3)).toEqual(new Uint8Array([0xfe, 0x80, 0]));
  });

  it.each([
    { name: "", problem: /empty/ },
    { name: "..", problem: /\.\./ },
    { name: "../etc/passwd", problem: /\.\./ },
    { name: "a/../b", problem: /\.\./ },
    { name: "a/..", problem: /\.\./ },
    { name: "a\0b", problem: /NUL/ },
    { name: "a/" + "y".repeat(256), problem: /255/ },
    { name: "x/".repeat(2048) + "y", problem: /4095/ },
  ])("refuses $name", ({ name, problem }) => {
    expect(new EntryName().parse(toBytes(name))).toMatch(problem);
  });

  it("lets a hard link's target climb, but not end in ..", () => {
    const taken = new EntryName();
    expect(taken.parse(toBytes("../a/../b"), true)).toBe(undefined);
    expect(text(taken.parent, taken.parentLength)).toBe("../a/..");
    expect(taken.parse(toBytes("a/.."), true)).toMatch(/ends in/);
    expect(taken.parse(toBytes("./a//b"), true)).toBe(undefined);
    expect(text(taken.name, 10)).toBe("a/b");
  });
});

describe("renderName", () => {
  it.each([
    { bytes: toBytes("usr/bin/ls"), wanted: "usr/bin/ls" },
    { bytes: toBytes("grüße/世界"), wanted: "grüße/世界" },
    { bytes: toBytes("a\x1b[31m\n\t"), wanted: "a\\x1b[31m\\x0a\\x09" },
    { bytes: toBytes("a\u202eb"), wanted: "a\\xe2\\x80\\xaeb" },
    { bytes: new Uint8Array([0x61, 0xff, 0x62]), wanted: "a\\xffb" },
    { bytes: toBytes("x".repeat(201)), wanted: "x".repeat(200) + "…" },
  ])("shows $wanted", ({ bytes, wanted }) => {
    expect(renderName(bytes)).toBe(wanted);
  });
});
