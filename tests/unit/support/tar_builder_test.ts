/** What the builder makes, as GNU tar reads it. */
import { describe, expect, it } from "vitest";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import {
  gnuLong,
  openTar,
  paxHeader,
  paxRecord,
  tar,
  tarHeader,
} from "../../support/tar_builder.ts";
import { sparseEntry } from "../../support/tar_sparse.ts";
import { toBytes } from "../../support/tar_bytes.ts";

/** `tar -tv` of an archive: its lines, or what it complains of. */
function list(archive: Uint8Array): string {
  const run = spawnSync("tar", ["--numeric-owner", "--full-time", "--utc", "-tvf", "-"], {
    input: archive,
    env: { ...process.env, LC_ALL: "C" },
  });
  return (run.status === 0 ? run.stdout : run.stderr).toString().replace(/ +/g, " ").trim();
}

/** The content of a file, as `tar -x` makes it. */
function content(archive: Uint8Array, name: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "tar-builder-"));
  try {
    spawnSync("tar", ["-C", folder, "--no-same-owner", "-xf", "-", name], { input: archive });
    return new Uint8Array(readFileSync(join(folder, name)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("tar builder", () => {
  it.each(["v7", "ustar", "gnu", "pax"] as const)("writes files and folders as %s", (format) => {
    const archive = tar(
      { name: "a/", format, type: "folder", mode: 0o1777 },
      { name: "a/b", format, data: "hello", mode: 0o4755, uid: 7, gid: 8, mtime: 1e9 },
    );
    const lines = list(archive).split("\n");
    expect(lines[0]).toBe("drwxrwxrwt 0/0 0 1970-01-01 00:00:00 a/");
    expect(lines[1]).toBe("-rwsr-xr-x 7/8 5 2001-09-09 01:46:40 a/b");
    expect(new TextDecoder().decode(content(archive, "a/b"))).toBe("hello");
  });

  it("writes links and nodes", () => {
    const lines = list(tar(
      { name: "l", type: "symlink", target: "x", mode: 0o777 },
      { name: "h", type: "hardlink", target: "y" },
      { name: "c", type: "character", major: 1, minor: 3 },
      { name: "b", type: "block", major: 8, minor: 17 },
      { name: "f", type: "fifo" },
    )).split("\n");
    expect(lines[0]).toMatch(/^lrwxrwxrwx .* l -> x$/);
    expect(lines[1]).toMatch(/^hrw.* h link to y$/);
    expect(lines[2]).toMatch(/^crw.* 1,3 .* c$/);
    expect(lines[3]).toMatch(/^brw.* 8,17 .* b$/);
    expect(lines[4]).toMatch(/^prw.* f$/);
  });

  it.each(["ustar", "gnu", "pax"] as const)("writes long names as %s", (format) => {
    const name = `${"folder/".repeat(20)}file`;
    expect(list(tar({ name, format }))).toMatch(new RegExp(` ${name}$`));
  });

  it.each(["gnu", "pax"] as const)("writes long links as %s", (format) => {
    const target = "x".repeat(200);
    expect(list(tar({ name: "l", type: "symlink", target, format }))).toMatch(/ l -> x{200}$/);
  });

  it("writes numbers that octal has no room for", () => {
    const lines = list(tar({ name: "a", uid: 3_000_000_000, mtime: -1.5e9, format: "gnu" }));
    expect(lines).toBe("-rw-r--r-- 3000000000/0 0 1922-06-20 21:20:00 a");
  });

  it("writes extended headers", () => {
    const archive = tar({ name: "a", pax: { path: "other", mtime: "1.5" } });
    expect(list(archive)).toBe("-rw-r--r-- 0/0 0 1970-01-01 00:00:01.5 other");
    expect(list(tar(paxHeader({ mtime: "9" }, "g"), { name: "a" }))).toMatch(/00:00:09 a$/);
    expect(new TextDecoder().decode(paxRecord("k", "x".repeat(93)))).toMatch(/^99 k=x+\n$/);
    expect(new TextDecoder().decode(paxRecord("k", "x".repeat(94)))).toMatch(/^101 k=x+\n$/);
    expect(list(tar(gnuLong("L", "long"), { name: "short" }))).toMatch(/ long$/);
  });

  it.each(["old", "0.0", "0.1", "1.0"] as const)("writes sparse files in form %s", (form) => {
    const parts = Array.from({ length: 30 }, (_, i) => ({
      offset: i * 10_240,
      data: `part ${i}`.padEnd(512, "."),
    }));
    const archive = tar(sparseEntry({ name: "s" }, { form, size: 400_000, parts }), { name: "t" });
    expect(list(archive).split("\n").map((line) => line.split(" ").at(-1))).toEqual(["s", "t"]);
    const wanted = new Uint8Array(400_000);
    for (const { offset, data } of parts) wanted.set(toBytes(data), offset);
    expect(content(archive, "s")).toEqual(wanted);
  });

  it("writes checksums right, signed and wrong", () => {
    const name = new Uint8Array([0xc3, 0xa9]);
    expect(list(tar({ name, checksum: "signed" }))).toMatch(/^-rw/);
    expect(list(openTar({ name, checksum: "wrong" }))).toMatch(/not look like a tar|checksum/i);
    expect(tarHeader({ name }, 0)).toHaveLength(512);
  });
});
