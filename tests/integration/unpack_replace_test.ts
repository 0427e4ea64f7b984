/** Entries that take the place of others, and names of every kind. Root. */
import { describe, expect, it } from "vitest";
import { ArchiveError } from "../../agent/errors.ts";
import { type EntrySpec, tar } from "../support/tar_builder.ts";
import {
  checkUnpackCase,
  openUnpackScene,
  renderBrief,
  type UnpackCase,
} from "../support/unpack_case.ts";

const link = (name: string, target: string): EntrySpec => ({ name, target, type: "symlink" });
const file = (name: string, data = "x"): EntrySpec => ({ name, data });

describe("entries of one layer count in their order", () => {
  it.each<UnpackCase>([
    {
      name: "folder over link: the link goes, what it pointed to stays",
      archive: () => tar(file("t/x"), link("l", "t"), { name: "l/" }, file("l/new")),
      wanted: ["t d", 't/x f "x"', "l d opaque", 'l/new f "x"'],
    },
    {
      name: "folder over a link to the outside",
      archive: (outside) => tar(link("l", outside), { name: "l/", mode: 0o777, uid: 7 }),
      wanted: ["l d opaque"],
    },
    {
      name: "link over folder: all that was in it goes",
      archive: () => tar(file("d/e/x"), { name: "t/" }, link("d", "t"), file("d/new")),
      wanted: ["d l -> t", "t d", 't/new f "x"'],
    },
    {
      name: "file over folder",
      archive: () => tar(file("d/e/x"), file("d/y"), file("d", "now")),
      wanted: ['d f "now"'],
    },
    {
      name: "folder over file",
      archive: () => tar(file("a"), { name: "a/" }, file("a/x")),
      wanted: ["a d opaque", 'a/x f "x"'],
    },
    {
      name: "file over link: the link goes, not what it points to",
      archive: (outside) =>
        tar(
          file("t"),
          link("l", "t"),
          file("l", "a"),
          link("m", `${outside}/secret`),
          file("m", "b"),
        ),
      wanted: ['t f "x"', 'l f "a"', 'm f "b"'],
    },
    {
      name: "file over file",
      archive: () => tar(file("a", "long and old"), file("a", "new")),
      wanted: ['a f "new"'],
    },
    {
      name: "folder over folder: it stays with what is in it",
      archive: () => tar(file("a/x"), { name: "a/" }, { name: "a/" }),
      wanted: ["a d", 'a/x f "x"'],
    },
    {
      name: "device over folder, fifo over file, folder over fifo",
      archive: () =>
        tar(
          file("a/x"),
          { name: "a", type: "character", major: 1, minor: 3 },
          file("b"),
          { name: "b", type: "fifo" },
          { name: "c", type: "fifo" },
          { name: "c/" },
        ),
      wanted: ["a c 1:3", "b p", "c d opaque"],
    },
    {
      name: "a parent that is a file",
      archive: () => tar(file("a"), file("a/b/c")),
      wanted: ["a d opaque", "a/b d", 'a/b/c f "x"'],
    },
    {
      name: "a parent that is a device",
      archive: () => tar({ name: "a", type: "block", major: 8 }, file("a/b")),
      wanted: ["a d opaque", 'a/b f "x"'],
    },
    {
      name: "the root as a folder, by each of its names",
      archive: () => tar({ name: "./" }, { name: "/" }, { name: ".", type: "folder" }, file("a")),
      wanted: ['a f "x"'],
    },
    {
      name: "the root as a file",
      archive: () => tar({ ...file("./"), type: "file" }),
      wanted: /^Cannot unpack \.\/: it names the root, but is no folder$/,
    },
    {
      name: "the root as a link",
      archive: (outside) => tar(link(".", outside), file("secret")),
      wanted: /it names the root, but is no folder$/,
    },
    {
      name: "a link without target",
      archive: () => tar(link("l", "")),
      wanted: /^Cannot unpack l: it is a link to an empty name$/,
    },
  ])("$name", checkUnpackCase);

  it("replaces a tree deeper than there are descriptors, and wider than a buffer", async () => {
    await using scene = await openUnpackScene();
    const deep = "d/".repeat(2000);
    const wide = Array.from({ length: 3000 }, (_, i) => file(`d/${"w".repeat(90)}${i}`));
    const { files } = await scene.unpack(
      tar({ name: deep, format: "pax" }, ...wide, { name: "d", data: "flat" }),
    );
    expect([...files.values()].map(renderBrief)).toEqual(['d f "flat"']);
  });

  it("puts metadata on the folder that there is in the end", async () => {
    await using scene = await openUnpackScene();
    const { files } = await scene.unpack(
      tar(
        { name: "a/", mode: 0o700, uid: 1, mtime: 1 },
        { name: "a/b/", mode: 0o711, uid: 2, mtime: 2 },
        file("a"),
        file("a/b/c"),
        { name: "d/", mode: 0o700, uid: 3, mtime: 3 },
        { name: "d/", mode: 0o755, uid: 0, mtime: 4 },
        // Through a link that points elsewhere in the end.
        link("l", "e"),
        { name: "l/f/", mode: 0o750, mtime: 5 },
        link("l", "d"),
      ),
    );
    expect(files.get("a")).toMatchObject({ mode: "755", owner: "0:0" });
    expect(files.get("a/b")).toMatchObject({ mode: "755", owner: "0:0" });
    expect(files.get("d")).toMatchObject({ mode: "755", owner: "0:0", mtime: "4.000000000" });
    expect(files.get("e/f")).toMatchObject({ mode: "750", mtime: "5.000000000" });
  });
});

describe("names", () => {
  it.each<UnpackCase>([
    {
      name: "slashes doubled, at the start, at the end; dots",
      archive: () => tar(file("a//b"), file("/c/d"), file("./e"), { name: "f//" }, link("g/", "x")),
      wanted: ["a d", 'a/b f "x"', "c d", 'c/d f "x"', 'e f "x"', "f d", "g l -> x"],
    },
    {
      name: "255 bytes",
      archive: () => tar({ name: "n".repeat(255), format: "gnu" }),
      wanted: [`${"n".repeat(255)} f`],
    },
    {
      name: "256 bytes",
      archive: () => tar({ name: "n".repeat(256), format: "gnu" }),
      wanted: /has a part longer than 255 bytes$/,
    },
    {
      name: "more than 4095 bytes",
      archive: () => tar({ name: "abc/".repeat(1100), format: "pax" }),
      wanted: /its name is longer than 4095 bytes$/,
    },
    {
      name: "more than 4095 bytes by way of a link",
      archive: () => {
        const deep = "abc/".repeat(600);
        return tar(
          { name: deep, format: "pax" },
          { ...link("l", deep), format: "pax" },
          { name: `l/${deep}`, format: "pax" },
        );
      },
      wanted: /its path is too long/,
    },
    { name: "empty", archive: () => tar(file("")), wanted: /its name is empty$/ },
    { name: "..", archive: () => tar({ name: "../" }), wanted: /holds a \.\. part$/ },
    { name: "../x", archive: () => tar(file("../x")), wanted: /holds a \.\. part$/ },
    { name: "a/../../x", archive: () => tar(file("a/../../x")), wanted: /holds a \.\. part$/ },
    { name: "/../x", archive: () => tar(file("/../x")), wanted: /holds a \.\. part$/ },
    {
      name: "a NUL within",
      archive: () => tar({ name: "x", pax: { path: "a\0b" } }),
      wanted: /malformed path$/,
    },
    {
      name: "a target of more than 4095 bytes",
      archive: () => tar({ ...link("l", "t".repeat(5000)), format: "pax" }),
      wanted: /^Cannot unpack l: what it links to is too long$/,
    },
    {
      name: "controls and quotes",
      archive: () => tar(file("a b'\"\\$\u00e9\u001b[2J")),
      wanted: ['a b\'"\\$\u00e9\u001b[2J f "x"'],
    },
  ])("$name", checkUnpackCase);

  it("1,000 levels deep", async () => {
    await using scene = await openUnpackScene();
    const deep = "d/".repeat(1000);
    const { files, entries } = await scene.unpack(
      tar({ name: `${deep}x`, format: "pax", data: "deep" }, {
        name: deep,
        format: "gnu",
        mode: 0o700,
      }),
    );
    expect(entries).toBe(2);
    expect(files.get(`${deep}x`)?.content).toBe("deep");
    expect(files.get(deep.slice(0, -1))?.mode).toBe("700");
  });

  it("bytes that are not UTF-8 are kept", async () => {
    await using scene = await openUnpackScene();
    const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
    const { files } = await scene.unpack(tar(
      { name: bytes("\xff\xfe/\xe9"), data: "latin" },
      { name: bytes("\xff\xfe/"), mode: 0o700 },
      { name: bytes("l\x80"), type: "symlink", target: bytes("\xff\xfe/\xe9") },
      { name: bytes("h\x80"), type: "hardlink", target: bytes("\xff\xfe/\xe9") },
    ));
    expect([...files.values()].map(({ name, type, links, target }) => [name, type, links, target]))
      .toEqual([
        ["\\xff\\xfe", "d", 1, ""],
        ["\\xff\\xfe/\\xe9", "f", 2, ""],
        ["h\\x80", "f", 2, ""],
        ["l\\x80", "l", 1, "\\xff\\xfe/\\xe9"],
      ]);
    expect(files.get("\\xff\\xfe")?.mode).toBe("700");
  });

  it("are shown printably in errors", async () => {
    await using scene = await openUnpackScene();
    const name = Uint8Array.from("../\x1b[31m\xff\n", (c) => c.charCodeAt(0));
    const error = await scene.unpack(tar({ name })).catch((e) => e);
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.entry).toBe("../\\x1b[31m\\xff\\x0a");
  });
});
