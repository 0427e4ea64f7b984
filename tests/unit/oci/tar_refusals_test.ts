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

describe("TarReader, of what is malformed or cut off,", () => {
  const globalXattrs = (first: number, count: number) => {
    const records: Record<string, string> = {};
    for (let i = first; i < first + count; i++) records[`SCHILY.xattr.user.${i}`] = "1";
    return paxHeader(records, "g");
  };
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

  it("reads as many global extensions as there may be", () => {
    const comment = paxHeader({ comment: "x".repeat(480_000) }, "g");
    const archive = tar(comment, globalXattrs(0, 60), comment, globalXattrs(60, 40), {
      name: "a",
    });
    expect(Object.keys(collectTar(archive)[0]?.xattrs ?? {}).length).toBe(100);
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
    {
      what: "global extensions of more than 1 MiB together",
      archive: tar(
        paxHeader({ comment: "x".repeat(600_000) }, "g"),
        { name: "a" },
        paxHeader({ comment: "x".repeat(600_000) }, "g"),
        { name: "b" },
      ),
    },
    {
      what: "more than 100 global xattrs",
      archive: tar(globalXattrs(0, 60), { name: "a" }, globalXattrs(60, 41), { name: "b" }),
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
