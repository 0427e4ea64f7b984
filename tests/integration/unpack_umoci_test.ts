/** Well-formed archives come out as umoci unpacks them: tree, modes, owners, times, attributes. Root. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { MEDIA_TYPE, writeBlob, writeImage } from "../support/oci_layout.ts";
import { type FoundFile, readFolder, renderFiles } from "../support/read_folder.ts";
import { type EntrySpec, tar } from "../support/tar_builder.ts";
import { sparseEntry } from "../support/tar_sparse.ts";
import { openUnpackScene, type UnpackScene } from "../support/unpack_case.ts";

const link = (name: string, target: string): EntrySpec => ({ name, target, type: "symlink" });
const hard = (name: string, target: string): EntrySpec => ({ name, target, type: "hardlink" });

async function unpackWithUmoci(
  scene: UnpackScene,
  archives: readonly Uint8Array[],
): Promise<readonly FoundFile[]> {
  const layout = scene.addLayer("layout");
  const layers = [];
  for (const archive of archives) {
    const descriptor = await writeBlob(layout, MEDIA_TYPE.layer, archive);
    const diffId = `sha256:${createHash("sha256").update(archive).digest("hex")}`;
    layers.push({ descriptor, diffId });
  }
  await writeImage(layout, "latest", layers);
  const bundle = `${scene.folder}/bundle`;
  await realSpawn.run(["umoci", "unpack", "--image", `${layout}:latest`, bundle]);
  return await readFolder(`${bundle}/rootfs`);
}

/** The root is made by whoever unpacks; without an entry of its own it is nobody's to compare. */
const withoutRoot = (files: readonly FoundFile[]) =>
  renderFiles(files.filter(({ name }) => name !== "."));

describe("as umoci", () => {
  it("one layer with everything that a layer may hold", async () => {
    await using scene = await openUnpackScene();
    const archive = tar(
      { name: "./", mode: 0o755, mtime: 10 },
      { name: "etc/", mtime: 11, mode: 0o711, uid: 3, gid: 4 },
      { name: "etc/passwd", data: "root:x:0:0::/:/bin/sh\n", mtime: 12 },
      { name: "etc/shadow", data: "x", mode: 0o640, gid: 42, mtime: -12 },
      { name: "bin/", mtime: 13 },
      { name: "bin/su", data: "#!", mode: 0o4755, mtime: 14, pax: { mtime: "14.123456789" } },
      { name: "bin/wall", data: "#!", mode: 0o2755, gid: 5, mtime: 15 },
      { name: "tmp/", mode: 0o1777, mtime: 16 },
      { name: "empty", mtime: 17 },
      { name: "big", data: "0123456789abcdef".repeat(70_000), mtime: 18 },
      { ...link("bin/sh", "su"), mtime: 19, uid: 7 },
      { ...link("dangling", "/no/where"), mtime: 20 },
      hard("bin/sudo", "bin/su"),
      hard("bin/ash", "/bin/sh"),
      { name: "long/", mtime: 21 },
      { name: `long/${"n".repeat(150)}/`, format: "gnu", mtime: 21 },
      { name: `long/${"n".repeat(150)}/${"m".repeat(200)}`, format: "gnu", mtime: 21, data: "g" },
      { name: `long/${"p".repeat(250)}`, format: "pax", mtime: 22, data: "p" },
      { name: "pipe", type: "fifo", mode: 0o622, mtime: 23 },
      { name: "null", type: "character", major: 1, minor: 3, mode: 0o666, mtime: 24 },
      { name: "disk", type: "block", major: 8, minor: 300, mode: 0o660, gid: 6, mtime: 25 },
      { name: "far", uid: 3e9, gid: 4e9, format: "gnu", mtime: 26 },
      { name: "attributes", data: "x", mtime: 27, xattrs: { "user.a": "1", "user.b": "two" } },
      { name: "replaced", data: "old", mtime: 28 },
      { name: "replaced", data: "new", mode: 0o600, mtime: 29 },
      sparseEntry({ name: "sparse", mtime: 30 }, {
        form: "1.0",
        size: 100_000,
        parts: [{ offset: 4096, data: "middle".padEnd(512, ".") }],
      }),
      // Their folders' times must be what they say, though this changes them.
      { name: "etc/late", data: "x", mtime: 31 },
      { name: "bin/late/", mtime: 32 },
    );
    const { folder } = await scene.unpack(archive);
    const ours = withoutRoot(await readFolder(folder));
    expect(diffLines(ours, withoutRoot(await unpackWithUmoci(scene, [archive])))).toEqual([]);
  });

  it("layers that add, replace and remove, as overlayfs shows them", async () => {
    await using scene = await openUnpackScene();
    const archives = [
      tar(
        { name: "./", mtime: 5 },
        { name: "a/", mtime: 10 },
        { name: "a/kept", data: "1", mtime: 11 },
        { name: "a/replaced", data: "1", mtime: 11 },
        { name: "a/removed", data: "1", mtime: 11 },
        { name: "b/", mtime: 12 },
        { name: "b/old", data: "1", mtime: 13 },
        { name: "c/", mtime: 14 },
        { name: "c/deep/", mtime: 14 },
        { name: "c/deep/old", data: "1", mtime: 15 },
        { name: "file-to-folder", data: "1", mtime: 16 },
        { name: "folder-to-file/", mtime: 16 },
        { name: "folder-to-file/x", data: "1", mtime: 16 },
        { ...link("link", "a"), mtime: 17 },
        { name: "one", data: "1", mtime: 18 },
        { name: "two", type: "hardlink", target: "one" },
      ),
      tar(
        { name: "./", mtime: 6, mode: 0o711 },
        { name: "a/", mtime: 20, mode: 0o700 },
        { name: "a/replaced", data: "22", mtime: 21, uid: 5 },
        { name: "a/.wh.removed" },
        { name: "b/", mtime: 22 },
        { name: "b/.wh..wh..opq" },
        { name: "b/new", data: "2", mtime: 23 },
        { name: ".wh.c" },
        { name: "file-to-folder/", mtime: 24 },
        { name: "file-to-folder/x", data: "2", mtime: 24 },
        { name: "folder-to-file", data: "2", mtime: 24 },
        { name: ".wh.link" },
      ),
      tar(
        { name: "./", mtime: 7 },
        { name: "c/", mtime: 30 },
        { name: "c/new", data: "3", mtime: 31 },
        { ...link("link", "b"), mtime: 32 },
      ),
    ];
    const folders = [];
    for (const archive of archives) folders.push((await scene.unpack(archive)).folder);
    const ours = withoutRoot(await scene.readMounted(folders));
    expect(diffLines(ours, withoutRoot(await unpackWithUmoci(scene, archives)))).toEqual([]);
  });

  it("folders of this machine", async () => {
    await using scene = await openUnpackScene();
    const archive = `${scene.folder}/host.tar`;
    const parents = ["usr", "usr/lib", "var", "var/lib", "var/lib/dpkg"];
    const folders = ["usr/bin", "etc", "usr/lib/terminfo", "var/lib/dpkg/info"];
    const options = ["--format=pax", "--numeric-owner", "--xattrs", "--ignore-failed-read"];
    await realSpawn.run(
      ["tar", "-C", "/", ...options, "-cf", archive, "--no-recursion", ...parents]
        .concat("--recursion", ...folders),
    );
    const bytes = await Deno.readFile(archive);
    const { folder } = await scene.unpack(bytes, { pieceBytes: 100_000 });
    const ours = withoutRoot(await readFolder(folder));
    const theirs = withoutRoot(await unpackWithUmoci(scene, [bytes]));
    expect(diffLines(ours, theirs)).toEqual([]);
    expect(ours.split("\n").length).toBeGreaterThan(500);
  });
});

function diffLines(ours: string, theirs: string): readonly string[] {
  const wanted = new Set(theirs.split("\n"));
  const got = new Set(ours.split("\n"));
  return [
    ...[...got].filter((line) => !wanted.has(line)).map((line) => `only ours: ${line}`),
    ...[...wanted].filter((line) => !got.has(line)).map((line) => `only theirs: ${line}`),
  ];
}
