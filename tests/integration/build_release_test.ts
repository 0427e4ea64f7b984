/** A release is small. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build } from "../../initramfs/build.ts";

const BUILD_LIMIT_MS = 600_000;
const SIZE_LIMIT_BYTES = 33 * 2 ** 20;

let outputDir = "";

beforeAll(() => {
  outputDir = mkdtempSync(`${tmpdir()}/build-release-`);
});

afterAll(() => rmSync(outputDir, { recursive: true, force: true }));

describe("build --release", () => {
  it("makes an initramfs of at most 33 MiB", async () => {
    const { manifest } = await build({ release: true, outputDir });
    expect(manifest.outputs["initramfs.cpio.zst"]!.size).toBeLessThanOrEqual(SIZE_LIMIT_BYTES);
  }, BUILD_LIMIT_MS);
});
