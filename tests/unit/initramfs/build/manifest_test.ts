import { describe, expect, it } from "vitest";
import { renderManifest } from "../../../../initramfs/build/manifest.ts";
import { sha256Of } from "../../../../initramfs/build/fingerprint.ts";

describe("renderManifest", () => {
  const content = new TextEncoder().encode("#!");
  const manifest = renderManifest({
    version: "1.2.3",
    architecture: "amd64",
    kernel: "6.12",
    date: "2025-05-20T00:00:00.000Z",
    deno: "2.7.11",
    fingerprint: "f",
    packages: [
      { name: "crun", version: "1.21-1", architecture: "amd64", sha256: "a" },
    ].map((each) => ({ ...each, root: "/somewhere", size: 3 })),
    outputs: { vmlinuz: { size: 1, sha256: "b" } },
    archives: {
      "x.cpio": [
        { kind: "file", path: "bin/x", mode: 0o755, data: content, package: "crun" },
        { kind: "link", path: "bin/y", target: "x" },
      ],
    },
  });

  it("lists packages without where they lay", () => {
    expect(manifest.packages).toEqual([
      { name: "crun", version: "1.21-1", architecture: "amd64", sha256: "a" },
    ]);
  });

  it("lists every entry, folders that were not named too", () => {
    expect(manifest.archives["x.cpio"]).toEqual([
      { path: "bin", kind: "folder", mode: "0755" },
      {
        path: "bin/x",
        kind: "file",
        mode: "0755",
        size: 2,
        sha256: sha256Of(content),
        package: "crun",
      },
      { path: "bin/y", kind: "link", mode: "0777", target: "x" },
    ]);
  });
});
