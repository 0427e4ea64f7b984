/** Symbolic links that would lead out of a layer. Root. */
import { describe, expect, it } from "vitest";
import { type EntrySpec, tar } from "../support/tar_builder.ts";
import {
  checkUnpackCase,
  openUnpackScene,
  renderBrief,
  type UnpackCase,
} from "../support/unpack_case.ts";

const link = (name: string, target: string): EntrySpec => ({ name, target, type: "symlink" });
const hard = (name: string, target: string): EntrySpec => ({ name, target, type: "hardlink" });
const file = (name: string, data = "x"): EntrySpec => ({ name, data });

/** The folders of an absolute path, as they come to be inside the root. */
function foldersOf(path: string): readonly string[] {
  const parts = path.slice(1).split("/");
  return parts.map((_, i) => `${parts.slice(0, i + 1).join("/")} d`);
}

describe("symbolic links as parents stay inside", () => {
  it("absolute, to a folder that exists outside only", async () => {
    await using scene = await openUnpackScene();
    const before = await scene.readOutside();
    const { files } = await scene.unpack(tar(link("l", scene.outside), file("l/new")));
    expect([...files.values()].map(renderBrief).sort()).toEqual([
      ...foldersOf(scene.outside),
      `l l -> ${scene.outside}`,
      `${scene.outside.slice(1)}/new f "x"`,
    ].sort());
    expect(await scene.readOutside()).toBe(before);
  });

  it.each<UnpackCase>([
    {
      name: "absolute, over the file there",
      archive: () =>
        tar(link("l", "/t"), { name: "t/" }, file("t/secret", "inner"), file("l/secret")),
      wanted: ["l l -> /t", "t d", 't/secret f "x"'],
    },
    {
      name: "up and out",
      archive: () => tar(link("l", "../../../../../outside"), file("l/new")),
      wanted: ["l l -> ../../../../../outside", "outside d", 'outside/new f "x"'],
    },
    {
      name: "to the folder above the root",
      archive: () => tar(link("l", ".."), file("l/new")),
      wanted: ["l l -> ..", 'new f "x"'],
    },
    {
      name: "to the root",
      archive: () => tar(link("l", "/"), file("l/new")),
      wanted: ["l l -> /", 'new f "x"'],
    },
    {
      name: "to itself",
      archive: () => tar(link("l", "."), file("l/new")),
      wanted: ["l l -> .", 'new f "x"'],
    },
    {
      name: "through several",
      archive: () => tar(link("a", "b/c"), link("b", "/d/../e"), link("e", "../f"), file("a/new")),
      wanted: [
        "a l -> b/c",
        "b l -> /d/../e",
        "d d",
        "e l -> ../f",
        "f d",
        "f/c d",
        'f/c/new f "x"',
      ],
    },
    {
      name: "to a parent folder, from a deep one",
      archive: () => tar({ name: "a/b/c/" }, link("a/b/c/l", "../../.."), file("a/b/c/l/new")),
      wanted: ["a d", "a/b d", "a/b/c d", "a/b/c/l l -> ../../..", 'new f "x"'],
    },
    {
      name: "with a slash at the end",
      archive: () => tar(link("l", "/t/"), { name: "l/" }, file("l/new")),
      // The link itself is replaced: the entry names it, as a folder.
      wanted: ["l d opaque", 'l/new f "x"'],
    },
    {
      name: "with slashes and dots within",
      archive: () => tar(link("l", "//t//./u"), file("l/new")),
      wanted: ["l l -> //t//./u", "t d", "t/u d", 't/u/new f "x"'],
    },
    {
      name: "dangling, half of the way there",
      archive: () => tar({ name: "t/" }, link("l", "/t/u/v"), file("l/new")),
      wanted: ["l l -> /t/u/v", "t d", "t/u d", "t/u/v d", 't/u/v/new f "x"'],
    },
    {
      name: "a folder entry below one",
      archive: () => tar(link("l", "/t"), { name: "l/d/", mode: 0o700 }, file("l/d/new")),
      wanted: ["l l -> /t", "t d", "t/d d", 't/d/new f "x"'],
    },
    {
      name: "links below one",
      archive: () =>
        tar(link("l", "/t"), link("l/m", "/u"), file("l/m/new"), hard("l/h", "l/m/new")),
      wanted: [
        "l l -> /t",
        "t d",
        "t/m l -> /u",
        "u d",
        't/h f "x" (2 links)',
        'u/new f "x" (2 links)',
      ],
    },
    {
      name: "that changes on the way",
      archive: () =>
        tar(
          link("l", "/a"),
          file("l/1"),
          link("l", "/b"),
          file("l/2"),
          link("l", "/a"),
          file("l/3"),
        ),
      wanted: ["a d", 'a/1 f "x"', 'a/3 f "x"', "b d", 'b/2 f "x"', "l l -> /a"],
    },
    {
      name: "made of a folder that was written to",
      archive: () => tar(file("l/1"), link("l", "/b"), file("l/2")),
      wanted: ["b d", 'b/2 f "x"', "l l -> /b"],
    },
    {
      name: "to a file: a folder takes its place",
      archive: () => tar(file("t"), link("l", "t"), file("l/new")),
      wanted: ["l l -> t", "t d opaque", 't/new f "x"'],
    },
    {
      name: "to kernel folders",
      archive: () =>
        tar(link("l", "/proc/self/root"), file("l/tmp/new"), link("m", "/proc/self/cwd")),
      wanted: [
        "l l -> /proc/self/root",
        "m l -> /proc/self/cwd",
        "proc d",
        "proc/self d",
        "proc/self/root d",
        "proc/self/root/tmp d",
        'proc/self/root/tmp/new f "x"',
      ],
    },
    {
      name: "a loop",
      archive: () => tar(link("a", "b"), link("b", "a"), file("a/new")),
      wanted: /^Cannot unpack a\/new: too many symbolic links lead there \(.*ELOOP\)$/,
    },
    {
      name: "a loop through itself",
      archive: () => tar(link("a", "a/b"), file("a/new")),
      wanted: /too many symbolic links/,
    },
    {
      name: "a chain of 41",
      archive: () =>
        tar(...Array.from({ length: 41 }, (_, i) => link(`l${i}`, `l${i + 1}`)), file("l0/new")),
      wanted: /too many symbolic links/,
    },
    {
      name: "links that grow without end",
      archive: () => {
        const doubled = (i: number) => link(`l${i}`, `${`l${i + 1}/../`.repeat(200)}l${i + 1}`);
        return tar(...Array.from({ length: 30 }, (_, i) => doubled(i)), file("l0/new"));
      },
      wanted: /too many symbolic links/,
    },
  ])("$name", checkUnpackCase);

  it("a chain of 40", async () => {
    await using scene = await openUnpackScene();
    const links = Array.from({ length: 40 }, (_, i) => link(`l${i}`, `l${i + 1}`));
    const { files } = await scene.unpack(tar({ name: "l40/" }, ...links, file("l0/new")));
    expect(files.get("l40/new")?.content).toBe("x");
  });

  it("laid by one layer, written through by the next", async () => {
    await using scene = await openUnpackScene();
    const before = await scene.readOutside();
    const lower = await scene.unpack(tar(link("l", scene.outside), link("m", "../outside")));
    const upper = await scene.unpack(tar(file("l/secret"), file("m/secret")));
    const seen = await scene.readMounted([lower.folder, upper.folder]);
    expect(seen.map(renderBrief)).toEqual([
      ". d",
      "l d",
      'l/secret f "x"',
      "m d",
      'm/secret f "x"',
    ]);
    expect(await scene.readOutside()).toBe(before);
  });
});
