/** Owners, modes, times, attributes, types, sparse files. Root. */
import { describe, expect, it } from "vitest";
import { ArchiveError, SyscallError } from "../../agent/errors.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { type EntrySpec, paxHeader, tar } from "../support/tar_builder.ts";
import { sparseEntry } from "../support/tar_sparse.ts";
import { openUnpackScene } from "../support/unpack_case.ts";

const TYPES: readonly Partial<EntrySpec>[] = [
  { name: "file", type: "file", data: "x" },
  { name: "folder", type: "folder" },
  { name: "fifo", type: "fifo" },
  { name: "char", type: "character", major: 1, minor: 3 },
  { name: "block", type: "block", major: 8, minor: 1 },
];

/** Each type, with the same metadata. */
const all = (more: Partial<EntrySpec>) =>
  tar(...TYPES.map((type) => ({ name: "", ...type, ...more })));

describe("modes", () => {
  it.each([0o7777, 0o4755, 0o2755, 0o1777, 0o644, 0o600, 0o000, 0o022])(
    "are kept whatever the umask: %j",
    async (mode) => {
      await using scene = await openUnpackScene();
      // An owner of its own: a change of owner takes setuid away.
      const own = await scene.unpack(all({ mode }));
      const foreign = await scene.unpack(all({ mode, uid: 1000, gid: 1001 }));
      for (const file of own.files.values()) {
        expect(file).toMatchObject({ mode: mode.toString(8), owner: "0:0" });
      }
      for (const file of foreign.files.values()) {
        expect(file).toMatchObject({ mode: mode.toString(8), owner: "1000:1001" });
      }
    },
  );

  it("of folders bind nobody before the end", async () => {
    await using scene = await openUnpackScene();
    const { files } = await scene.unpack(tar(
      { name: "d/", mode: 0o2000, gid: 50, uid: 50, mtime: 7 },
      { name: "d/e/", mode: 0o755, mtime: 7 },
      { name: "d/f", data: "x" },
    ));
    expect(files.get("d")).toMatchObject({ mode: "2000", owner: "50:50", mtime: "7.000000000" });
    // Neither the group nor the bit is handed down.
    expect(files.get("d/e")).toMatchObject({ mode: "755", owner: "0:0", mtime: "7.000000000" });
    expect(files.get("d/f")).toMatchObject({ owner: "0:0" });
  });

  it("of folders that no entry describes are 0755", async () => {
    await using scene = await openUnpackScene();
    const { files } = await scene.unpack(tar({ name: "a/b/c", data: "x" }));
    expect(files.get("a")).toMatchObject({ mode: "755", owner: "0:0" });
    expect(files.get("a/b")).toMatchObject({ mode: "755", owner: "0:0" });
  });

  it("of the root are those of its entry, else 0755", async () => {
    await using scene = await openUnpackScene();
    const root = async (archive: Uint8Array) => {
      const { folder } = await scene.unpack(archive);
      return await realSpawn.run(["stat", "-c", "%a %u:%g %Y", folder]);
    };
    expect(await root(tar({ name: "./", mode: 0o1700, uid: 5, gid: 6, mtime: 9 }, { name: "a" })))
      .toBe("1700 5:6 9\n");
    expect(await root(tar({ name: "a" }))).toMatch(/^755 0:0 /);
  });
});

describe("owners", () => {
  it.each([
    { uid: 2 ** 31, gid: 2 ** 32 - 2, format: "gnu" as const },
    { uid: 2 ** 31 - 1, gid: 0, format: "ustar" as const },
    { uid: 0, gid: 65534, format: "v7" as const },
  ])("$uid:$gid by $format", async ({ uid, gid, format }) => {
    await using scene = await openUnpackScene();
    const link: EntrySpec = { name: "l", type: "symlink", target: "x", uid, gid, format };
    const { files } = await scene.unpack(tar({ name: "a", uid, gid, format }, link));
    expect(files.get("a")?.owner).toBe(`${uid}:${gid}`);
    expect(files.get("l")?.owner).toBe(`${uid}:${gid}`);
  });

  it("by PAX, local and global", async () => {
    await using scene = await openUnpackScene();
    const { files } = await scene.unpack(tar(
      paxHeader({ uid: "4000000000", gid: "7" }, "g"),
      { name: "a" },
      { name: "b", pax: { gid: "4000000001" } },
    ));
    expect(files.get("a")?.owner).toBe("4000000000:7");
    expect(files.get("b")?.owner).toBe("4000000000:4000000001");
  });
});

describe("times", () => {
  const rows = [
    { text: "0", wanted: "0.000000000" },
    { text: "1700000000.123456789", wanted: "1700000000.123456789" },
    { text: "1700000000.1234567899", wanted: "1700000000.123456789" },
    { text: "-1", wanted: "-1.000000000" },
    { text: "-86400.25", wanted: "-86401.750000000" },
    { text: "4294967297.5", wanted: "4294967297.500000000" },
  ];

  it.each(rows)("$text, of everything", async ({ text, wanted }) => {
    await using scene = await openUnpackScene();
    const pax = { mtime: text };
    const { files } = await scene.unpack(tar(
      { name: "d/", pax },
      { name: "d/f", data: "x", pax },
      { name: "d/l", type: "symlink", target: "f", pax },
      { name: "d/p", type: "fifo", pax },
      // Later, and through a link: changes the folder's time until the end.
      { name: "m", type: "symlink", target: "d", pax },
      { name: "m/h", type: "hardlink", target: "d/f" },
      { name: "d/gone", data: "x" },
      { name: "d/gone", type: "symlink", target: "f", pax },
    ));
    expect([...files.values()].map(({ name, mtime }) => [name, mtime]))
      .toEqual([...files.keys()].map((name) => [name, wanted]));
  });

  it("before 1970 in a header of GNU's", async () => {
    await using scene = await openUnpackScene();
    const { files } = await scene.unpack(tar({ name: "a", mtime: -1234, format: "gnu" }));
    expect(files.get("a")?.mtime).toBe("-1234.000000000");
  });
});

describe("extended attributes", () => {
  const capability = Uint8Array.from([1, 0, 0, 2, 0, 4, ...Array<number>(14).fill(0)]);

  it("are kept, of files after the change of owner", async () => {
    await using scene = await openUnpackScene();
    const xattrs = { "user.text": "a\n=b\0c", "security.capability": capability };
    const { files, warnings } = await scene.unpack(tar(
      { name: "f", data: "x", xattrs, uid: 5, mode: 0o4755 },
      { name: "d/", xattrs: { "user.empty": "", "trusted.x": "y" }, gid: 5 },
      { name: "l", type: "symlink", target: "f", xattrs: { "trusted.l": "z" } },
      { name: "p", type: "fifo", xattrs: { "trusted.p": "z" } },
    ));
    expect(files.get("f")?.xattrs["user.text"]).toBe("a\n=b\0c");
    expect(files.get("f")?.xattrs["security.capability"]?.length).toBe(20);
    expect(files.get("f")?.mode).toBe("4755");
    expect(files.get("d")?.xattrs).toEqual({ "user.empty": "", "trusted.x": "y" });
    expect(files.get("l")?.xattrs).toEqual({ "trusted.l": "z" });
    expect(files.get("p")?.xattrs).toEqual({ "trusted.p": "z" });
    expect(warnings).toEqual([]);
  });

  it("that the filesystem does not keep are a warning, once for each kind", async () => {
    await using scene = await openUnpackScene();
    await realSpawn.run(["mount", "-t", "ramfs", "ramfs", scene.folder]);
    try {
      const { files, warnings } = await scene.unpack(tar(
        { name: "a", xattrs: { "user.a": "1", "user.b": "1", "trusted.c": "1" } },
        { name: "b", xattrs: { "user.a": "1", "security.capability": capability } },
      ));
      expect([...files.keys()]).toEqual(["a", "b"]);
      expect(warnings).toEqual([
        "the filesystem keeps no user.* attributes (a has user.a)",
        "the filesystem keeps no trusted.* attributes (a has trusted.c)",
        "the filesystem keeps no security.* attributes (b has security.capability)",
      ]);
    } finally {
      await realSpawn.run(["umount", scene.folder]);
    }
  });

  it("that links cannot have are a warning", async () => {
    await using scene = await openUnpackScene();
    const link: EntrySpec = { name: "l", type: "symlink", target: "f", xattrs: { "user.a": "1" } };
    const { warnings } = await scene.unpack(tar(link));
    expect(warnings).toHaveLength(1);
  });

  it("that the kernel finds wrong are an error", async () => {
    await using scene = await openUnpackScene();
    const error = await scene.unpack(tar({ name: "f", xattrs: { "security.capability": "short" } }))
      .catch((e) => e);
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toMatch(
      /^Cannot unpack f: .*set attribute security.capability of: EINVAL/,
    );
  });
});

describe("types", () => {
  it("devices with the largest numbers", async () => {
    await using scene = await openUnpackScene();
    const { files } = await scene.unpack(tar(
      { name: "c", type: "character", major: 4095, minor: 1_048_575 },
      { name: "b", type: "block", major: 259, minor: 300, mode: 0o660, gid: 6 },
    ));
    expect(files.get("c")).toMatchObject({ type: "c", device: "4095:1048575" });
    expect(files.get("b")).toMatchObject({
      type: "b",
      device: "259:300",
      owner: "0:6",
      mode: "660",
    });
  });

  it.each(["old", "0.0", "0.1", "1.0"] as const)("sparse files, form %s", async (form) => {
    await using scene = await openUnpackScene();
    const MIB = 1 << 20;
    const parts = [0, 3, 4, 900].map((at) => ({
      offset: at * MIB,
      data: `${at}`.padEnd(512, "x"),
    }));
    const { files, folder } = await scene.unpack(
      tar(
        sparseEntry({ name: "s", mode: 0o755, mtime: 5 }, { form, size: 1000 * MIB, parts }),
        sparseEntry({ name: "hole" }, { form, size: 1024 ** 4, parts: [] }),
      ),
      { pieceBytes: 700 },
    );
    expect(files.get("s")).toMatchObject({ size: 1000 * MIB, mode: "755", mtime: "5.000000000" });
    expect(files.get("hole")?.size).toBe(1024 ** 4);
    const disk = await realSpawn.run(["du", "-k", `${folder}/s`]);
    expect(Number(disk.split("\t")[0])).toBeLessThan(100);
    using file = Deno.openSync(`${folder}/s`);
    for (const { offset, data } of parts) {
      const bytes = new Uint8Array(600);
      file.seekSync(offset, Deno.SeekMode.Start);
      file.readSync(bytes);
      expect(new TextDecoder().decode(bytes)).toBe(data + "\0".repeat(88));
    }
  });

  it("a full disk is the machine's fault, and told as such", async () => {
    await using scene = await openUnpackScene();
    await realSpawn.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", scene.folder]);
    try {
      const error = await scene.unpack(tar({ name: "big", data: "x".repeat(3 << 20) }))
        .catch((e) => e);
      expect(error).toBeInstanceOf(SyscallError);
      expect(error).toMatchObject({ call: "write", path: "big", code: "ENOSPC" });
    } finally {
      await realSpawn.run(["umount", scene.folder]);
    }
  });
});
