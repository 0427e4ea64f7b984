import { describe, expect, it } from "vitest";
import { TarReader } from "../../../agent/oci/tar_reader.ts";
import { collectTar } from "../../support/collect_tar.ts";
import { gnuLong, openTar, paxHeader, tar } from "../../support/tar_builder.ts";
import { sparseEntry } from "../../support/tar_sparse.ts";

const MIXED = tar(
  { name: "a/", mode: 0o1777, mtime: -5, uid: 3e9 },
  { name: "a/empty" },
  { name: "a/block", data: "x".repeat(512) },
  { name: "a/more", data: "y".repeat(1300), mode: 0o6755, pax: { mtime: "-1.25" } },
  { name: "n".repeat(300), format: "gnu", data: "long" },
  { name: "p".repeat(300), format: "pax", xattrs: { "user.a": "1\n2\0" } },
  sparseEntry({ name: "s" }, { form: "1.0", size: 3000, parts: [{ offset: 1024, data: "mid" }] }),
  { name: "l", type: "symlink", target: "t".repeat(200), format: "gnu" },
  { name: "h", type: "hardlink", target: "a/more" },
  { name: "c", type: "character", major: 4095, minor: 1048575 },
);

describe("TarReader", () => {
  it("tells every entry with all that is said of it", () => {
    const entries = collectTar(MIXED);
    expect(entries.map(({ kind, name, size }) => [kind, name.slice(0, 8), size])).toEqual([
      ["folder", "a/", 0],
      ["file", "a/empty", 0],
      ["file", "a/block", 512],
      ["file", "a/more", 1300],
      ["file", "nnnnnnnn", 4],
      ["file", "pppppppp", 0],
      ["file", "s", 3000],
      ["symlink", "l", 0],
      ["hardlink", "h", 0],
      ["character", "c", 0],
    ]);
    expect(entries[0]).toMatchObject({ mode: 0o1777, seconds: -5, uid: 3e9 });
    expect(entries[3]).toMatchObject({ mode: 0o6755, seconds: -2, nanoseconds: 750_000_000 });
    expect(entries[3]?.data).toBe("y".repeat(1300));
    expect(entries[4]?.name).toBe("n".repeat(300));
    expect(entries[5]?.xattrs).toEqual({ "user.a": "1\n2\0" });
    expect(entries[6]?.data).toBe(".".repeat(1024) + "mid" + ".".repeat(3000 - 1027));
    expect(entries[7]?.target).toBe("t".repeat(200));
    expect(entries[8]?.target).toBe("a/more");
    expect(entries[9]).toMatchObject({ major: 4095, minor: 1048575 });
  });

  it.each([1, 7, 100, 511, 512, 513, 1024, 4000])("reads pieces of %j bytes alike", (bytes) => {
    expect(collectTar(MIXED, bytes)).toEqual(collectTar(MIXED));
  });

  it("reads an archive without its end, and ignores what follows the end", () => {
    expect(collectTar(openTar({ name: "a" }))).toHaveLength(1);
    expect(collectTar(new Uint8Array(0))).toHaveLength(0);
    expect(collectTar(new Uint8Array(512))).toHaveLength(0);
    expect(collectTar(new Uint8Array(1024))).toHaveLength(0);
    const trailing = openTar(tar({ name: "a" }), new Uint8Array(333).fill(7));
    expect(collectTar(trailing)).toHaveLength(1);
    expect(collectTar(trailing, 100)).toHaveLength(1);
  });

  it("takes 64 MiB after the end, and no byte more", () => {
    const reader = new TarReader({ onEntry() {}, onData() {}, onEntryEnd() {} });
    reader.push(tar({ name: "a" }));
    const piece = new Uint8Array(1 << 20);
    for (let count = 0; count < 64; count++) reader.push(piece);
    expect(() => reader.push(piece.subarray(0, 1))).toThrow(
      "Cannot unpack archive: more than 67108864 bytes follow its end",
    );
  });

  it("takes v7's folders by their slash, and skips their body", () => {
    const archive = tar(
      { name: "d/", type: { typeflag: "\0" }, format: "v7", data: "body" },
      { name: "f", format: "v7", data: "body" },
    );
    expect(collectTar(archive).map(({ kind, data }) => [kind, data])).toEqual([
      ["folder", ""],
      ["file", "body"],
    ]);
  });

  it("takes the size of a link for nothing", () => {
    const archive = tar(
      { name: "h", type: "hardlink", target: "t", size: 700 },
      { name: "d/", size: 700 },
      { name: "f" },
    );
    expect(collectTar(archive).map(({ name }) => name)).toEqual(["h", "d/", "f"]);
  });

  it("joins the prefix of ustar and star, not of GNU", () => {
    const prefix = (text: string) => (header: Uint8Array) =>
      header.set(new TextEncoder().encode(text), 345);
    const star = (header: Uint8Array) => {
      prefix("pre")(header);
      header.set(new TextEncoder().encode("tar\0"), 508);
    };
    const archive = tar(
      { name: "u", patch: prefix("pre/fix") },
      { name: "s", patch: star },
      { name: "g", format: "gnu", patch: prefix("123") },
    );
    expect(collectTar(archive).map(({ name }) => name)).toEqual(["pre/fix/u", "pre/s", "g"]);
  });

  it("lets PAX override the header, its size too", () => {
    const archive = tar({
      name: "short",
      data: "12345",
      size: 0,
      pax: { path: "other", size: "5", uid: "9" },
    });
    expect(collectTar(archive)).toMatchObject([{ name: "other", uid: 9, size: 5, data: "12345" }]);
  });

  it("lets a global header count until a local one says otherwise", () => {
    const archive = tar(
      paxHeader({ uid: "5", mtime: "1.5", comment: "x" }, "g"),
      { name: "a" },
      { name: "b", pax: { uid: "6" } },
      { name: "c", pax: { mtime: "" }, mtime: 9 },
    );
    expect(collectTar(archive)).toMatchObject([
      { uid: 5, seconds: 1, nanoseconds: 500_000_000 },
      { uid: 6, seconds: 1 },
      { uid: 5, seconds: 9, nanoseconds: 0 },
    ]);
  });

  it("lets GNU's long name win over PAX", () => {
    const archive = tar(paxHeader({ path: "pax" }), gnuLong("L", "gnu"), { name: "short" });
    expect(collectTar(archive)[0]?.name).toBe("gnu");
  });

  it.each(["old", "0.0", "0.1", "1.0"] as const)("reads sparse form %s", (form) => {
    const parts = Array.from({ length: 50 }, (_, i) => ({
      offset: i * 2048 + 512,
      data: `${i}`.padEnd(512, "x"),
    }));
    const archive = tar(
      sparseEntry({ name: "s", mode: 0o600 }, { form, size: 200_000, parts }),
      sparseEntry({ name: "hole" }, { form, size: 5000, parts: [] }),
      { name: "after" },
    );
    const wanted = parts.reduce(
      (text, { offset, data }) => text.slice(0, offset) + data + text.slice(offset + data.length),
      ".".repeat(200_000),
    );
    const entries = collectTar(archive, 777);
    expect(entries).toEqual(collectTar(archive));
    expect(entries.map(({ name, size, sparse }) => [name, size, sparse])).toEqual([
      ["s", 200_000, true],
      ["hole", 5000, true],
      ["after", 0, false],
    ]);
    expect(entries[0]?.data === wanted).toBe(true);
  });
});
