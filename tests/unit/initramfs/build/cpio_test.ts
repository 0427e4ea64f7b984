import { describe, expect, it } from "vitest";
import { type Entry, planEntries, renderCpio } from "../../../../initramfs/build/cpio.ts";

const file = (path: string, text = "", mode = 0o644): Entry => ({
  kind: "file",
  path,
  mode,
  data: new TextEncoder().encode(text),
});

interface Header {
  readonly name: string;
  readonly fields: readonly number[];
  readonly data: string;
}

/** Reads an archive as the kernel's buffer format describes it. */
function readHeaders(archive: Uint8Array): readonly Header[] {
  const text = new TextDecoder("latin1").decode(archive);
  const headers: Header[] = [];
  for (let at = 0; at < text.length;) {
    expect(text.slice(at, at + 6)).toBe("070701");
    const fields = Array.from(
      { length: 13 },
      (_, index) => parseInt(text.slice(at + 6 + index * 8, at + 14 + index * 8), 16),
    );
    const nameEnd = at + 110 + fields[11]!;
    const name = text.slice(at + 110, nameEnd - 1);
    expect(text[nameEnd - 1]).toBe("\0");
    const dataStart = Math.ceil(nameEnd / 4) * 4;
    headers.push({ name, fields, data: text.slice(dataStart, dataStart + fields[6]!) });
    at = Math.ceil((dataStart + fields[6]!) / 4) * 4;
    if (name === "TRAILER!!!") {
      expect(text.slice(at)).toMatch(/^\0*$/);
      break;
    }
  }
  return headers;
}

describe("renderCpio", () => {
  it("writes header, name, data and trailer where they belong", () => {
    const [folder, entry, trailer] = readHeaders(renderCpio([file("a/b", "hello", 0o755)], 1234));
    expect(folder).toEqual({
      name: "a",
      fields: [1, 0o40755, 0, 0, 2, 1234, 0, 0, 0, 0, 0, 2, 0],
      data: "",
    });
    expect(entry).toEqual({
      name: "a/b",
      fields: [2, 0o100755, 0, 0, 1, 1234, 5, 0, 0, 0, 0, 4, 0],
      data: "hello",
    });
    expect(trailer?.name).toBe("TRAILER!!!");
  });

  it("writes links and devices", () => {
    const archive = renderCpio([
      { kind: "link", path: "sh", target: "busybox" },
      { kind: "device", path: "console", mode: 0o600, major: 5, minor: 1 },
    ], 0);
    const [device, link] = readHeaders(archive);
    expect(device?.fields[1]).toBe(0o020600);
    expect(device?.fields.slice(9, 11)).toEqual([5, 1]);
    expect(link?.fields[1]).toBe(0o120777);
    expect(link?.data).toBe("busybox");
  });

  it.each([0, 1, 2, 3, 4, 5])("keeps its alignment behind %s bytes of data", (size: number) => {
    const names = readHeaders(renderCpio([file("abc", "x".repeat(size)), file("z", "end")], 0))
      .map((header) => header.name);
    expect(names).toEqual(["abc", "z", "TRAILER!!!"]);
  });

  it("ends at a block", () => {
    expect(renderCpio([file("a", "b")], 0).length % 512).toBe(0);
    expect(renderCpio([], 0).length).toBe(512);
  });

  it("gives the same bytes whatever the order of the entries", () => {
    const entries = [file("b"), file("a/c"), file("a/b/c")];
    expect(renderCpio(entries, 7)).toEqual(renderCpio([...entries].reverse(), 7));
  });

  it("counts names in bytes", () => {
    const [entry] = readHeaders(renderCpio([file("é", "data")], 0));
    expect(entry?.fields[11]).toBe(3);
    expect(entry?.data).toBe("data");
  });
});

describe("planEntries", () => {
  it("puts folders before what is in them", () => {
    const paths = planEntries([file("usr/bin/crun"), file("usr-x"), file("usr.y/z")]).map((each) =>
      each.path
    );
    for (const path of paths) {
      const parent = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
      if (parent) expect(paths.indexOf(parent)).toBeLessThan(paths.indexOf(path));
    }
  });

  it("keeps a folder's own mode", () => {
    const [tmp] = planEntries([file("tmp/x"), { kind: "folder", path: "tmp", mode: 0o1777 }]);
    expect(tmp).toEqual({ kind: "folder", path: "tmp", mode: 0o1777 });
  });

  it.each([
    { what: "an empty path", path: "" },
    { what: "an absolute path", path: "/init" },
    { what: "an empty part", path: "a//b" },
    { what: "a slash at the end", path: "a/" },
    { what: "a way up", path: "../a" },
    { what: "a dot", path: "a/./b" },
    { what: "a NUL", path: "a\0b" },
  ])("refuses $what", ({ path }) => {
    expect(() => planEntries([file(path)])).toThrow(/Cannot archive/);
  });

  it("refuses two entries at one path", () => {
    expect(() => planEntries([file("a"), file("a")])).toThrow(
      "Cannot archive a: it is there twice",
    );
  });

  it("refuses an entry below what is no folder", () => {
    const link: Entry = { kind: "link", path: "lib", target: "usr/lib" };
    expect(() => planEntries([link, file("lib/x")])).toThrow("Cannot archive lib/x: lib is a link");
  });
});
