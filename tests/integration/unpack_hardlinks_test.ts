/** Hard links, to what is there, to what is not, and to the outside. Root. */
import { describe, expect, it } from "vitest";
import { type EntrySpec, tar } from "../support/tar_builder.ts";
import { checkUnpackCase, openUnpackScene, type UnpackCase } from "../support/unpack_case.ts";

const link = (name: string, target: string): EntrySpec => ({ name, target, type: "symlink" });
const hard = (name: string, target: string): EntrySpec => ({ name, target, type: "hardlink" });
const file = (name: string, data = "x"): EntrySpec => ({ name, data });

describe("hard links stay inside", () => {
  it.each<UnpackCase>([
    {
      name: "relative to the root, not to the folder of the link",
      archive: () => tar(file("a/x"), file("x", "root"), hard("a/h", "x")),
      wanted: ["a d", 'a/h f "root" (2 links)', 'a/x f "x"', 'x f "root" (2 links)'],
    },
    {
      name: "absolute: from the root of the layer",
      archive: () => tar(file("a/x"), hard("h", "/a/x")),
      wanted: ["a d", 'a/x f "x" (2 links)', 'h f "x" (2 links)'],
    },
    {
      name: "up and out: clamped at the root",
      archive: () => tar(file("a"), hard("h", "../../../a")),
      wanted: ['a f "x" (2 links)', 'h f "x" (2 links)'],
    },
    {
      name: "through a symbolic link as parent",
      archive: () => tar({ name: "t/" }, file("t/x"), link("l", "/t"), hard("h", "l/x")),
      wanted: ['h f "x" (2 links)', "l l -> /t", "t d", 't/x f "x" (2 links)'],
    },
    {
      name: "through two",
      archive: () =>
        tar(
          file("t/x"),
          link("b", "../t"),
          link("a", "/b"),
          hard("h", "a/../t/x"),
          hard("i", "a/x"),
        ),
      wanted: [
        "a l -> /b",
        "b l -> ../t",
        'h f "x" (3 links)',
        'i f "x" (3 links)',
        "t d",
        't/x f "x" (3 links)',
      ],
    },
    {
      name: "in place of another file",
      archive: () => tar(file("a"), file("h", "old"), hard("h", "a")),
      wanted: ['a f "x" (2 links)', 'h f "x" (2 links)'],
    },
    {
      name: "in place of a folder",
      archive: () => tar(file("a"), file("h/in"), hard("h", "a")),
      wanted: ['a f "x" (2 links)', 'h f "x" (2 links)'],
    },
    {
      name: "to itself: stays as it is",
      archive: () => tar(file("a"), hard("a", "a"), hard("b", "a"), hard("b", "a")),
      wanted: ['a f "x" (2 links)', 'b f "x" (2 links)'],
    },
    {
      name: "one name replaced: the other keeps its content",
      archive: () => tar(file("a", "old"), hard("h", "a"), file("a", "new")),
      wanted: ['a f "new"', 'h f "old"'],
    },
    {
      name: "to a path outside",
      archive: (outside) => tar(hard("h", `${outside}/secret`)),
      wanted: /^Cannot unpack h: it is a hard link to .*secret, which is not in this layer$/,
    },
    {
      name: "to a path outside, through a link",
      archive: (outside) => tar(link("l", outside), hard("h", "l/secret")),
      wanted: /which is not in this layer$/,
    },
    {
      name: "to what is missing",
      archive: () => tar(hard("h", "a")),
      wanted: /hard link to a, which is not in this layer$/,
    },
    {
      name: "to what is below a file",
      archive: () => tar(file("a"), hard("h", "a/b")),
      wanted: /hard link to a\/b, which is not in this layer$/,
    },
    {
      name: "to a folder",
      archive: () => tar({ name: "a/" }, hard("h", "a")),
      wanted: /hard link to a, which is a folder$/,
    },
    {
      name: "to the root",
      archive: () => tar(hard("h", "/")),
      wanted: /hard link to \/, which is no name of a file$/,
    },
    {
      name: "to ..",
      archive: () => tar({ name: "a/" }, hard("h", "a/..")),
      wanted: /which is no name of a file$/,
    },
    {
      name: "to nothing",
      archive: () => tar(hard("h", "")),
      wanted: /which is no name of a file$/,
    },
    {
      name: "to what the layer removes",
      archive: () => tar({ name: ".wh.a" }, hard("h", "a")),
      wanted: /hard link to a, which the layer removes$/,
    },
    {
      name: "through a loop",
      archive: () => tar(link("a", "b"), link("b", "a"), hard("h", "a/x")),
      wanted: /too many symbolic links/,
    },
  ])("$name", checkUnpackCase);

  it("a symbolic link is linked itself, also one that points outside", async () => {
    await using scene = await openUnpackScene();
    const before = await scene.readOutside();
    const target = `${scene.outside}/secret`;
    const { files } = await scene.unpack(
      tar(link("l", target), hard("h", "l"), { name: "h", data: "y" }, hard("i", "l")),
    );
    expect(files.get("i")).toMatchObject({ type: "l", target, links: 2 });
    expect(files.get("h")).toMatchObject({ type: "f", content: "y" });
    expect(await scene.readOutside()).toBe(before);
  });

  it("metadata in a hard link's header changes nothing", async () => {
    await using scene = await openUnpackScene();
    const { files } = await scene.unpack(
      tar(
        { name: "a", mode: 0o600, uid: 1, mtime: 5 },
        { ...hard("h", "a"), mode: 0o4777, uid: 2, mtime: 9 },
      ),
    );
    expect(files.get("h")).toMatchObject({ mode: "600", owner: "1:0", mtime: "5.000000000" });
  });
});
