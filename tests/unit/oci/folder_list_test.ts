import { describe, expect, it } from "vitest";
import { FolderList, type FolderRecord } from "../../../agent/oci/folder_list.ts";
import { toBytes } from "../../support/tar_bytes.ts";

const METADATA = { mode: 0o1777, uid: 4294967294, gid: 1, seconds: -5, nanoseconds: 999_999_999 };

function record(name: string, more: Partial<FolderRecord> = {}): FolderRecord {
  return { name: toBytes(name), metadata: METADATA, xattrs: [], ...more };
}

const namesIn = (list: FolderList) =>
  [...list.records()].map(({ name }) => new TextDecoder().decode(name));

describe("FolderList", () => {
  it("gives back what it was given, in order", () => {
    const list = new FolderList();
    const xattrs = [{ name: toBytes("user.a"), value: toBytes("1") }];
    list.add(record("a"));
    list.add(record("", { metadata: { ...METADATA, seconds: 2 ** 40 } }));
    list.add(record("b/c", { xattrs }));
    const records = [...list.records()];
    expect(namesIn(list)).toEqual(["a", "", "b/c"]);
    expect(records[0]?.metadata).toEqual(METADATA);
    expect(records[1]?.metadata.seconds).toBe(2 ** 40);
    expect(records.map(({ xattrs }) => xattrs)).toEqual([[], [], xattrs]);
  });

  it("holds many", () => {
    const list = new FolderList();
    const names = Array.from({ length: 50_000 }, (_, i) => `folder/${i}`);
    expect(names.every((name) => list.add(record(name)))).toBe(true);
    expect(namesIn(list).join("\n") === names.join("\n")).toBe(true);
  });

  it("drops what was removed since, and what lay in it", () => {
    const list = new FolderList();
    for (const name of ["a", "a/b", "ab", "c", ""]) list.add(record(name));
    list.remove(toBytes("a"));
    list.add(record("a"));
    list.add(record("a/d"));
    list.remove(toBytes("c"));
    expect(namesIn(list)).toEqual(["ab", "", "a", "a/d"]);
  });

  it("keeps the values of xattrs, not what they are cut from", () => {
    const list = new FolderList();
    const body = new Uint8Array(1 << 20);
    list.add(record("a", { xattrs: [{ name: toBytes("user.a"), value: body.subarray(7, 9) }] }));
    const [kept] = list.records();
    expect(kept?.xattrs[0]?.value.buffer.byteLength).toBe(2);
  });

  it("charges a small xattr for what it takes in memory", () => {
    const list = new FolderList();
    const small = record("a", { xattrs: [{ name: toBytes("u"), value: toBytes("1") }] });
    let count = 0;
    while (list.add(small) && count < 1_000_000) count++;
    expect(count).toBeLessThan(200_000);
    expect(count).toBeGreaterThan(100_000);
  });

  it("refuses what would take too much memory", () => {
    const list = new FolderList();
    let count = 0;
    const long = record("x".repeat(4000));
    while (list.add(long) && count < 100_000) count++;
    expect(count).toBeLessThan(20_000);
    const heavy = new FolderList();
    const xattrs = [{ name: toBytes("user.a"), value: new Uint8Array(60_000) }];
    count = 0;
    const laden = record("a", { xattrs });
    while (heavy.add(laden) && count < 100_000) count++;
    expect(count).toBeLessThan(2000);
    const replaced = new FolderList();
    // Nearly full already: what a removal takes counts as well.
    for (let filled = 0; filled < 1000; filled++) expect(replaced.add(laden)).toBe(true);
    count = 0;
    const path = toBytes("x".repeat(4000));
    const number = new DataView(path.buffer);
    do number.setUint32(0, count); while (replaced.remove(path) && count++ < 100_000);
    expect(count).toBeLessThan(2000);
  });
});
