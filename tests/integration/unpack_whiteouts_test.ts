/** Whiteouts and opaque folders, on disk and as overlayfs shows them. Root. */
import { describe, expect, it } from "vitest";
import { type EntrySpec, tar } from "../support/tar_builder.ts";
import {
  checkUnpackCase,
  openUnpackScene,
  renderBrief,
  type UnpackCase,
} from "../support/unpack_case.ts";

const link = (name: string, target: string): EntrySpec => ({ name, target, type: "symlink" });
const file = (name: string, data = "x"): EntrySpec => ({ name, data });
const hide = (name: string): EntrySpec => ({ name, mode: 0o600 });

describe("whiteouts on disk", () => {
  it.each<UnpackCase>([
    {
      name: "of a name that the layer does not have",
      archive: () => tar(hide(".wh.a"), hide("d/.wh.b"), hide(".wh..c"), hide(".wh....")),
      wanted: ["a whiteout", "d d", "d/b whiteout", ".c whiteout", "... whiteout"],
    },
    {
      name: "do not remove what the same layer added before",
      archive: () =>
        tar(file("a"), file("d/x"), link("l", "a"), hide(".wh.a"), hide(".wh.d"), hide(".wh.l")),
      wanted: ['a f "x"', "d d opaque", 'd/x f "x"', "l l -> a"],
    },
    {
      name: "do not remove what the same layer adds after",
      archive: () =>
        tar(
          hide(".wh.a"),
          hide(".wh.d"),
          hide(".wh.l"),
          hide(".wh.i"),
          file("a"),
          { name: "d/" },
          file("d/x"),
          link("l", "a"),
          file("i/x"),
        ),
      wanted: ['a f "x"', "d d opaque", 'd/x f "x"', "l l -> a", "i d opaque", 'i/x f "x"'],
    },
    {
      name: "below a link stay inside",
      archive: () => tar(link("l", "../../outside"), hide("l/.wh.secret"), hide("l/.wh..wh..opq")),
      wanted: ["l l -> ../../outside", "outside d opaque", "outside/secret whiteout"],
    },
    {
      name: "as folders, links and with content",
      archive: () =>
        tar({ name: ".wh.a/" }, link(".wh.b", "x"), file(".wh.c", "content"), file("d")),
      wanted: ["a whiteout", "b whiteout", "c whiteout", 'd f "x"'],
    },
    {
      name: "twice",
      archive: () => tar(hide(".wh.a"), hide(".wh.a")),
      wanted: ["a whiteout"],
    },
    {
      name: "opaque first",
      archive: () => tar({ name: "d/" }, hide("d/.wh..wh..opq"), file("d/x")),
      wanted: ["d d opaque", 'd/x f "x"'],
    },
    {
      name: "opaque last",
      archive: () => tar({ name: "d/" }, file("d/x"), hide("d/.wh..wh..opq")),
      wanted: ["d d opaque", 'd/x f "x"'],
    },
    {
      name: "opaque before its folder's own entry",
      archive: () => tar(hide("d/.wh..wh..opq"), { name: "d/", mode: 0o700 }),
      wanted: ["d d opaque"],
    },
    {
      name: "with bookkeeping of AUFS",
      archive: () =>
        tar(
          hide(".wh..wh.aufs"),
          { name: ".wh..wh.plnk/" },
          file(".wh..wh.plnk/1.2", "content"),
          { name: ".wh..wh.orph/" },
          file("a"),
        ),
      wanted: ['a f "x"'],
    },
    { name: "of nothing", archive: () => tar(hide(".wh.")), wanted: /whiteout of no name$/ },
    {
      name: "of nothing, below",
      archive: () => tar(hide("d/.wh.")),
      wanted: /whiteout of no name$/,
    },
    { name: "of .", archive: () => tar(hide("d/.wh..")), wanted: /whiteout of no name$/ },
    { name: "of ..", archive: () => tar(hide("d/.wh...")), wanted: /whiteout of no name$/ },
    { name: "of the root", archive: () => tar(hide("./.wh..")), wanted: /whiteout of no name$/ },
    {
      name: "of a name that is too long",
      archive: () => tar({ name: `.wh.${"n".repeat(252)}`, format: "gnu" }),
      wanted: /part longer than 255/,
    },
  ])("$name", checkUnpackCase);

  it("are not followed", async () => {
    await using scene = await openUnpackScene();
    const before = await scene.readOutside();
    const target = `${scene.outside}/secret`;
    const { files } = await scene.unpack(
      tar(link("l", scene.outside), hide(".wh.l"), link("m", target), hide(".wh.m")),
    );
    expect(files.get("l")).toMatchObject({ type: "l", target: scene.outside });
    expect(files.get("m")).toMatchObject({ type: "l", target });
    expect(await scene.readOutside()).toBe(before);
  });

  it("are devices that overlayfs knows", async () => {
    await using scene = await openUnpackScene();
    const { files } = await scene.unpack(tar(hide("d/.wh.a"), hide("d/.wh..wh..opq")));
    expect(files.get("d/a")).toMatchObject({ type: "c", device: "0:0" });
    expect(files.get("d")?.xattrs).toEqual({ "trusted.overlay.opaque": "y" });
  });

  it("come from names, never from attributes of the image", async () => {
    await using scene = await openUnpackScene();
    const forged = {
      "trusted.overlay.opaque": "y",
      "trusted.overlay.redirect": "/etc",
      "trusted.overlay.metacopy": "",
      "trusted.mine": "kept",
    };
    const { files, warnings } = await scene.unpack(
      tar({ name: "d/", xattrs: forged }, { name: "f", xattrs: forged }),
    );
    expect(files.get("d")?.xattrs).toEqual({ "trusted.mine": "kept" });
    expect(files.get("f")?.xattrs).toEqual({ "trusted.mine": "kept" });
    expect(warnings).toEqual([]);
  });
});

describe("whiteouts as a container sees them", () => {
  const lower = tar(
    file("gone"),
    file("stays", "lower"),
    file("dir/old"),
    file("dir/deep/old"),
    file("opq/old"),
    file("again/old"),
    file("again/kept-by-name"),
    link("link", "dir"),
    file("type/x"),
    file("back", "lower"),
  );

  it.each([
    { what: "first", order: (entries: EntrySpec[]) => entries },
    { what: "last", order: (entries: EntrySpec[]) => entries.toReversed() },
  ])("with the whiteouts $what", async ({ order }) => {
    await using scene = await openUnpackScene();
    const removals = [
      hide(".wh.gone"),
      hide(".wh.dir"),
      hide("opq/.wh..wh..opq"),
      hide(".wh.again"),
      hide(".wh.link"),
      hide(".wh.absent"),
    ];
    // Names of one archive are in no order; what is made of a folder comes after it either way.
    const additions = [
      file("again/new"),
      file("opq/new"),
      file("type", "now a file"),
      file("back", "upper"),
    ];
    const upper = tar(...order([...removals, ...additions]));
    const layers = [await scene.unpack(lower), await scene.unpack(upper)];
    const seen = await scene.readMounted(layers.map(({ folder }) => folder));
    expect(seen.map(renderBrief)).toEqual([
      ". d",
      "again d",
      'again/new f "x"',
      'back f "upper"',
      "opq d",
      'opq/new f "x"',
      'stays f "lower"',
      'type f "now a file"',
    ]);
  });

  it("a folder in place of a file of the same layer shows nothing of lower ones", async () => {
    await using scene = await openUnpackScene();
    const upper = tar(file("dir"), { name: "dir/" }, file("dir/new"), file("opq"), file("opq/new"));
    const layers = [await scene.unpack(lower), await scene.unpack(upper)];
    const seen = await scene.readMounted(layers.map(({ folder }) => folder));
    const names = seen.map(({ name }) => name).filter((name) => /^(dir|opq)/.test(name));
    expect(names).toEqual(["dir", "dir/new", "opq", "opq/new"]);
  });

  it("a third layer brings back what the second removed", async () => {
    await using scene = await openUnpackScene();
    const layers = [
      await scene.unpack(lower),
      await scene.unpack(tar(hide(".wh.dir"), hide(".wh.back"))),
      await scene.unpack(tar(file("dir/new"), file("back", "third"))),
    ];
    const seen = await scene.readMounted(layers.map(({ folder }) => folder));
    const brief = seen.map(renderBrief).filter((line) => /^(dir|back)/.test(line));
    expect(brief).toEqual(['back f "third"', "dir d", 'dir/new f "x"']);
  });
});
