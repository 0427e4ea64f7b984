/** The builder on real packages: same inputs, same bytes; and only what has changed is made again. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, type BuildResult } from "../../initramfs/build.ts";
import { sha256Of } from "../../initramfs/build/fingerprint.ts";
import { APPLETS } from "../../initramfs/recipe.ts";

const PROJECT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const CACHE = `${PROJECT}/out/cache`;
/** All that does not depend on the agent. */
const WARM = ["packages", "denort", "modules"];
const BUILD_LIMIT_MS = 120_000;
const ZSTD_MAGIC = new Uint8Array([0x28, 0xb5, 0x2f, 0xfd]);

let scratch = "";
let first: BuildResult;
let second: BuildResult;

/** A copy of the project in a place of its own, with new times, and a cache that has this only. */
function copyProject(
  name: string,
  cached: readonly string[] = ["packages", "denort"],
): { readonly sourceDir: string; readonly cacheDir: string } {
  const sourceDir = `${scratch}/${name}`;
  const cacheDir = `${scratch}/${name}-cache`;
  mkdirSync(cacheDir, { recursive: true });
  for (const part of ["agent", "deno.json", "deno.lock"]) {
    cpSync(`${PROJECT}/${part}`, `${sourceDir}/${part}`, { recursive: true });
  }
  for (const part of cached) {
    symlinkSync(`${CACHE}/${part}`, `${cacheDir}/${part}`);
  }
  cpSync(`${CACHE}/deno/npm`, `${cacheDir}/deno/npm`, { recursive: true });
  return { sourceDir, cacheDir };
}

beforeAll(async () => {
  scratch = mkdtempSync(`${tmpdir()}/build-`);
  // The packages, once for both.
  await build({ outputDir: `${scratch}/warm` });
  first = await build({ ...copyProject("one"), outputDir: `${scratch}/one-out` });
  second = await build({ ...copyProject("other/place"), outputDir: `${scratch}/other-out` });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const FILES = ["agent", "kernel", "initramfs", "modules"] as const;

describe("build", () => {
  it("gives the same bytes in another place, at another time", () => {
    for (const file of FILES) {
      expect(sha256Of(readFileSync(first[file])), file).toBe(sha256Of(readFileSync(second[file])));
    }
    expect(first.manifest).toEqual(second.manifest);
    expect(readFileSync(`${scratch}/one-out/manifest.json`, "utf8")).toBe(
      readFileSync(`${scratch}/other-out/manifest.json`, "utf8"),
    );
  });

  it("describes its outputs in the manifest", () => {
    for (const [name, { size, sha256 }] of Object.entries(first.manifest.outputs)) {
      const bytes = readFileSync(`${scratch}/one-out/${name}`);
      expect([bytes.length, sha256Of(bytes)]).toEqual([size, sha256]);
    }
    for (const each of first.manifest.packages) expect(each.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(first.manifest.packages.map((each) => each.name)).toContain("crun");
  });

  it("has nothing to do when nothing has changed", async () => {
    const start = performance.now();
    const lines: string[] = [];
    await build({
      sourceDir: `${scratch}/one`,
      cacheDir: `${scratch}/one-cache`,
      outputDir: `${scratch}/one-out`,
      log: (line) => lines.push(line),
    });
    expect(performance.now() - start).toBeLessThan(1000);
    expect(lines).toEqual([]);
  });

  it("makes a damaged output again", async () => {
    const { cacheDir, sourceDir } = copyProject("damaged", WARM);
    const outputDir = `${scratch}/damaged-out`;
    await build({ cacheDir, sourceDir, outputDir });
    Deno.truncateSync(`${outputDir}/vmlinuz`, 1000);
    const again = await build({ cacheDir, sourceDir, outputDir });
    expect(sha256Of(readFileSync(again.kernel))).toBe(first.manifest.outputs["vmlinuz"]?.sha256);
  }, BUILD_LIMIT_MS);

  it("follows a change of the agent in less than 15 s", async () => {
    const { cacheDir, sourceDir } = copyProject("changed", WARM);
    const outputDir = `${scratch}/changed-out`;
    await build({ cacheDir, sourceDir, outputDir });
    const version = `${sourceDir}/agent/version.ts`;
    Deno.writeTextFileSync(version, `${Deno.readTextFileSync(version)}// changed\n`);
    const start = performance.now();
    const changed = await build({ cacheDir, sourceDir, outputDir });
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(changed.manifest.outputs["agent"]).not.toEqual(first.manifest.outputs["agent"]);
    expect(changed.manifest.outputs["modules.cpio.zst"]).toEqual(
      first.manifest.outputs["modules.cpio.zst"],
    );
  }, BUILD_LIMIT_MS);

  it("leaves no setuid or setgid file, on disk or in an archive", () => {
    const found = execFileSync("find", [`${CACHE}/`, scratch, "-perm", "/6000"]);
    expect(new TextDecoder().decode(found)).toBe("");
    for (const files of Object.values(first.manifest.archives)) {
      for (const { path, mode } of files) expect(parseInt(mode, 8) & 0o6000, path).toBe(0);
    }
  });
});

describe("the archives", () => {
  it("hold what the manifest says, as cpio lists it", () => {
    for (const name of ["initramfs.cpio.zst", "modules.cpio.zst"]) {
      const paths = readArchives(readFileSync(`${scratch}/one-out/${name}`)).flatMap(listPaths);
      const wanted = first.manifest.archives[name]!.map((file) => file.path);
      expect([...paths].sort()).toEqual([...wanted].sort());
    }
  });

  it("have modes, owners and times as they should be", () => {
    const [base] = readArchives(readFileSync(first.initramfs));
    const lines = runCpio(["-t", "-v"], base!).split("\n").filter((line) => line !== "");
    for (const line of lines) expect(line).toMatch(/^[-dlc][rwxt-]{9} 0\/0 /);
    const dates = lines.map((line) => /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.exec(line)?.[0]);
    expect(new Set(dates).size).toBe(1);
    expect(lines.find((line) => line.endsWith(" dev/console"))).toMatch(/^crw-------/);
    expect(lines.find((line) => / proc\/self\/exe/.test(line))).toMatch(/^l.* -> \/init$/);
  });

  it("name only programs that busybox has", () => {
    const busybox = `${scratch}/busybox`;
    const [base] = readArchives(readFileSync(first.initramfs));
    Deno.writeFileSync(busybox, runCpioForBytes(["-i", "--to-stdout", "bin/busybox"], base!));
    Deno.chmodSync(busybox, 0o755);
    const names = new TextDecoder().decode(execFileSync(busybox, ["--list"])).split("\n");
    expect(APPLETS.filter((name) => !names.includes(name))).toEqual([]);
  });
});

/** The uncompressed archives in a file of zstd frames. */
function readArchives(file: Uint8Array): readonly Uint8Array[] {
  const archives: Uint8Array[] = [];
  for (let at = 0; at >= 0; at = findFrame(file, at + 1)) {
    try {
      archives.push(zstdDecompressSync(file.subarray(at)));
    } catch {
      // The magic number, by chance, in the middle of a frame.
    }
  }
  return archives;
}

function findFrame(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(ZSTD_MAGIC[0]!, from); at >= 0;) {
    if (ZSTD_MAGIC.every((byte, index) => bytes[at + index] === byte)) return at;
    at = bytes.indexOf(ZSTD_MAGIC[0]!, at + 1);
  }
  return -1;
}

function listPaths(archive: Uint8Array): readonly string[] {
  return runCpio(["-t"], archive).split("\n").filter((line) => line !== "");
}

function runCpio(args: readonly string[], archive: Uint8Array): string {
  return new TextDecoder().decode(runCpioForBytes(args, archive));
}

function runCpioForBytes(args: readonly string[], archive: Uint8Array): Uint8Array {
  const packages = Deno.readDirSync(`${CACHE}/packages`);
  const folder = [...packages].find((entry) => entry.name.startsWith("busybox-static_"))?.name;
  // A file, not stdin: both pipes would be full at once.
  const file = `${scratch}/archive.cpio`;
  Deno.writeFileSync(file, archive);
  return execFileSync(
    `${CACHE}/packages/${folder}/files/usr/bin/busybox`,
    ["cpio", "-F", file, ...args],
    { maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "ignore"], timeout: BUILD_LIMIT_MS },
  );
}
