import { describe, expect, it } from "vitest";
import { ArchiveError } from "../../../agent/errors.ts";
import { collectTar } from "../../support/collect_tar.ts";
import {
  gnuLong,
  openTar,
  paxHeader,
  tar,
  tarEntry,
  tarHeader,
} from "../../support/tar_builder.ts";
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

  const sparse10 = (map: string, realsize: string) =>
    tar({
      name: "s",
      data: map.padEnd(512, "\0") + "data",
      pax: {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.realsize": realsize,
      },
    });
  const sparse01 = (map: string, blocks: string, more = {}) =>
    tar({
      name: "s",
      data: "data",
      pax: {
        "GNU.sparse.map": map,
        "GNU.sparse.numblocks": blocks,
        "GNU.sparse.size": "100",
        ...more,
      },
    });

  it("reads the sparse maps that the next cases break", () => {
    expect(collectTar(sparse10("1\n4\n4\n", "100"))[0]?.data).toBe("....data" + ".".repeat(92));
    expect(collectTar(sparse01("4,4", "1"))[0]?.data).toBe("....data" + ".".repeat(92));
  });

  it.each([
    { what: "a wrong checksum", archive: tar({ name: "a", checksum: "wrong" }) },
    { what: "a header of noise", archive: new Uint8Array(512).fill(0x41) },
    { what: "half of an end", archive: openTar(new Uint8Array(512), { name: "a" }) },
    { what: "an unknown type", archive: tar({ name: "a", type: { typeflag: "Q" } }) },
    { what: "a multi-volume part", archive: tar({ name: "a", type: { typeflag: "M" } }) },
    { what: "a negative size", archive: tar({ name: "a", size: -1 }) },
    {
      what: "a negative size of an extension",
      archive: tar({
        name: "a",
        type: { typeflag: "x" },
        size: -512,
      }),
    },
    { what: "a negative owner", archive: tar({ name: "a", uid: -1 }) },
    { what: "an owner beyond 32 bits", archive: tar({ name: "a", pax: { uid: "4294967295" } }) },
    { what: "a group beyond 32 bits", archive: tar({ name: "a", gid: 2 ** 32 }) },
    {
      what: "a major number out of range",
      archive: tar({
        name: "a",
        type: "character",
        major: 4096,
      }),
    },
    {
      what: "a minor number out of range",
      archive: tar({
        name: "a",
        type: "block",
        minor: 2 ** 20,
      }),
    },
    { what: "a negative device number", archive: tar({ name: "a", type: "block", minor: -1 }) },
    { what: "malformed digits", archive: tar({ name: "a", patch: (h) => h.fill(0x39, 124, 135) }) },
    { what: "malformed PAX", archive: tar(paxHeader(new Uint8Array(9).fill(0x39)), { name: "a" }) },
    { what: "a PAX path with NUL", archive: tar({ name: "a", pax: { path: "a\0b" } }) },
    { what: "a global path", archive: tar(paxHeader({ path: "b" }, "g"), { name: "a" }) },
    { what: "a global size", archive: tar(paxHeader({ size: "0" }, "g"), { name: "a" }) },
    {
      what: "an extension of 2 MiB",
      archive: openTar(
        tarHeader({ name: "x", type: { typeflag: "x" } }, 2 << 20),
      ),
    },
    { what: "an extension without entry", archive: tar(paxHeader({ uid: "1" })) },
    { what: "an extension at a bare end", archive: openTar(gnuLong("L", "name")) },
    {
      what: "an unknown sparse form",
      archive: sparse01("0,4", "1", {
        "GNU.sparse.major": "2",
        "GNU.sparse.minor": "0",
      }),
    },
    { what: "a sparse map of odd length", archive: sparse01("0,4,9", "1") },
    { what: "a sparse map beyond the file", archive: sparse01("97,4", "1") },
    { what: "a sparse map with less than the data", archive: sparse01("0,3", "1") },
    { what: "a sparse map with more than the data", archive: sparse01("0,5", "1") },
    { what: "sparse parts that overlap", archive: sparse01("4,2,5,2", "2") },
    { what: "sparse parts out of order", archive: sparse01("8,2,4,2", "2") },
    { what: "a negative sparse part", archive: sparse01("-1,4", "1") },
    { what: "a sparse size of noise", archive: sparse01("0,4", "1", { "GNU.sparse.size": "1e9" }) },
    { what: "a map in the data that is noise", archive: sparse10("one\n", "100") },
    { what: "a map in the data without an end", archive: sparse10("9".repeat(512), "100") },
    { what: "a map in the data that is too long", archive: sparse10("99999999\n", "100") },
    { what: "a map in the data that runs out", archive: sparse10("200\n4\n4\n", "100") },
    { what: "type S outside of GNU", archive: tar({ name: "s", type: { typeflag: "S" } }) },
  ])("refuses $what", ({ archive }) => {
    expect(() => collectTar(archive)).toThrow(ArchiveError);
    expect(() => collectTar(archive, 300)).toThrow(ArchiveError);
  });

  it("refuses a truncated archive, wherever it is cut", () => {
    const archive = openTar(
      { name: "a", data: "x".repeat(700), pax: { uid: "1" } },
      sparseEntry({ name: "s" }, { form: "old", size: 9, parts: [{ offset: 3, data: "abc" }] }),
    );
    // Whole where the data of an entry has ended, with or without its padding.
    const first = tarEntry({ name: "a", data: "x".repeat(700), pax: { uid: "1" } }).length;
    const whole = (length: number) =>
      length === 0 || (length >= first - (1024 - 700) && length <= first) ||
      length >= archive.length - (512 - 3);
    for (let length = 0; length <= archive.length; length++) {
      const read = () => collectTar(archive.slice(0, length));
      if (whole(length)) expect(read).not.toThrow();
      else expect(read).toThrow(ArchiveError);
    }
  });

  it("takes an archive without its last padding, as umoci insert leaves it", () => {
    const archive = openTar({ name: "a", data: "abc" });
    const [entry] = collectTar(archive.slice(0, 512 + 3));
    expect(entry).toEqual(collectTar(archive)[0]);
  });

  it("refuses an archive that ends in the padding of an extended header", () => {
    const archive = openTar({ name: "a", pax: { uid: "1" } });
    expect(() => collectTar(archive.slice(0, 512 + 100))).toThrow(ArchiveError);
  });

  it("names the entry, printably", () => {
    const hostile = tar({ name: "a\x1b[2J", size: 5000, data: "x" });
    expect(() => collectTar(hostile)).toThrow(
      /^Cannot unpack a\\x1b\[2J: the archive is truncated$/,
    );
    const noise = tar({ name: "good" }, { name: "bad", checksum: "wrong" });
    expect(() => collectTar(noise)).toThrow(/^Cannot unpack what follows good: its header has/);
  });
});
