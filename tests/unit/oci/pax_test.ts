import { describe, expect, it } from "vitest";
import { parsePax, type PaxRecords } from "../../../agent/oci/pax.ts";
import { joinBytes, toBytes } from "../../support/tar_bytes.ts";
import { paxRecord } from "../../support/tar_builder.ts";

function records(...pairs: readonly (readonly [string, string | Uint8Array])[]): PaxRecords {
  const parsed = parsePax(joinBytes(pairs.map(([key, value]) => paxRecord(key, value))));
  if (typeof parsed === "string") throw new Error(parsed);
  return parsed;
}

describe("parsePax", () => {
  it("reads what overrides a header", () => {
    const parsed = records(
      ["path", "a/b"],
      ["linkpath", "c"],
      ["size", "12345678901"],
      ["uid", "3000000000"],
      ["gid", "0"],
      ["comment", "anything\0at all"],
    );
    expect(new TextDecoder().decode(parsed.path)).toBe("a/b");
    expect(new TextDecoder().decode(parsed.linkpath)).toBe("c");
    expect(parsed.size).toBe(12345678901);
    expect(parsed.uid).toBe(3000000000);
    expect(parsed.gid).toBe(0);
  });

  it.each([
    { text: "0", seconds: 0, nanoseconds: 0 },
    { text: "1.5", seconds: 1, nanoseconds: 500_000_000 },
    { text: "1.", seconds: 1, nanoseconds: 0 },
    { text: "1.0000000019", seconds: 1, nanoseconds: 1 },
    { text: "-1", seconds: -1, nanoseconds: 0 },
    { text: "-1.25", seconds: -2, nanoseconds: 750_000_000 },
    { text: "-0.000000001", seconds: -1, nanoseconds: 999_999_999 },
    { text: "253402300800", seconds: 253402300800, nanoseconds: 0 },
  ])("reads the time $text", ({ text, seconds, nanoseconds }) => {
    expect(records(["mtime", text]).time).toEqual({ seconds, nanoseconds });
  });

  it("keeps every byte of names and xattrs", () => {
    const value = new Uint8Array([0, 1, 0x0a, 0x3d, 0xff]);
    const parsed = records(["path", new Uint8Array([0x61, 0xff])], ["SCHILY.xattr.user.é", value]);
    expect(parsed.path).toEqual(new Uint8Array([0x61, 0xff]));
    const [xattr] = [...parsed.xattrs.values()];
    expect(xattr?.name).toEqual(toBytes("user.é"));
    expect(xattr?.value).toEqual(value);
  });

  it("lets the last record of a kind count", () => {
    expect(records(["uid", "1"], ["uid", "2"]).uid).toBe(2);
  });

  it("adds to what is in force, and takes back by an empty value", () => {
    const base = records(["uid", "1"], ["gid", "1"], ["mtime", "5"], ["SCHILY.xattr.user.a", "x"]);
    const parsed = parsePax(
      joinBytes([paxRecord("uid", ""), paxRecord("mtime", ""), paxRecord("gid", "2")]),
      base,
    ) as PaxRecords;
    expect("uid" in parsed).toBe(false);
    expect("time" in parsed).toBe(false);
    expect(parsed.gid).toBe(2);
    expect(parsed.xattrs.size).toBe(1);
    expect(base.uid).toBe(1);
  });

  it("copies the xattrs in force only when it adds some", () => {
    const base = records(["SCHILY.xattr.user.a", "x"]);
    const same = parsePax(paxRecord("uid", "1"), base) as PaxRecords;
    expect(same.xattrs).toBe(base.xattrs);
    const more = parsePax(paxRecord("SCHILY.xattr.user.b", "y"), base) as PaxRecords;
    expect([...more.xattrs.keys()]).toEqual(["user.a", "user.b"]);
    expect(base.xattrs.size).toBe(1);
  });

  it("joins the parts of sparse form 0.0 to the map of 0.1", () => {
    const parsed = records(
      ["GNU.sparse.offset", "0"],
      ["GNU.sparse.numbytes", "5"],
      ["GNU.sparse.offset", "512"],
      ["GNU.sparse.numbytes", "1"],
    );
    expect(parsed.sparse.get("map")).toBe("0,5,512,1");
  });

  it.each([
    "x",
    "7 a=b\n",
    "6 a=b\nrest",
    "6 a=bc",
    "6 ab\n\n",
    "5 =b\n",
    "0 a=b\n",
    "+6 a=b\n",
    " 6 a=b\n",
    "99999999999 a=b\n",
    "8 a\0b=c\n",
    "12 path=a\0b\n",
    "10 uid=-1\n",
    "9 uid=a\n",
    "10 uid=0x1\n",
    "11 size=1.5\n",
    "11 size= 15\n",
    "26 size=99999999999999999\n",
    "11 mtime=.\n",
    "12 mtime=.5\n",
    "13 mtime=1,5\n",
    "12 mtime=1e5\n",
    "18 SCHILY.xattr.=\n",
  ])("refuses %j", (body) => {
    expect(typeof parsePax(toBytes(body))).toBe("string");
  });
});
