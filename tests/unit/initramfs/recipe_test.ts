import { describe, expect, it } from "vitest";
import { planEntries } from "../../../initramfs/build/cpio.ts";
import { chooseKernelMetapackage, chooseModules } from "../../../initramfs/kernel_recipe.ts";
import { APPLETS, FILES, renderOwnEntries } from "../../../initramfs/recipe.ts";

const entries = planEntries(renderOwnEntries({ version: "1.2.3", date: 1747699200 }));

function textOf(path: string): string | undefined {
  const entry = entries.find((each) => each.path === path);
  return entry?.kind === "file" ? new TextDecoder().decode(entry.data) : undefined;
}

describe("renderOwnEntries", () => {
  it("lets the agent's runtime find itself before /proc is mounted", () => {
    expect(entries).toContainEqual({ kind: "link", path: "proc/self/exe", target: "/init" });
  });

  it("has a console for PID 1", () => {
    expect(entries).toContainEqual({
      kind: "device",
      path: "dev/console",
      mode: 0o600,
      major: 5,
      minor: 1,
    });
  });

  it("has real folders where appended archives may have folders", () => {
    for (const path of ["lib", "bin", "sbin", "usr/lib"]) {
      expect(entries).toContainEqual({ kind: "folder", path, mode: 0o755 });
    }
  });

  it("says its version and date", () => {
    expect(textOf("etc/b2c-release")).toBe(
      "VERSION=1.2.3\nBUILD_EPOCH=1747699200\nBUILD_DATE=2025-05-20T00:00:00.000Z\n",
    );
    expect(textOf("etc/os-release")).toContain("VERSION_ID=1.2.3\n");
  });

  it("gives nobody rights", () => {
    for (const entry of entries) {
      if (entry.kind === "file") expect(entry.mode & 0o6022, entry.path).toBe(0);
    }
  });
});

describe("recipe", () => {
  it("names each applet and each file once", () => {
    expect(new Set(APPLETS).size).toBe(APPLETS.length);
    expect(new Set(FILES.map((file) => file.path)).size).toBe(FILES.length);
  });

  it("names each module once", () => {
    const modules = chooseModules("metal");
    expect(new Set(modules.map((name) => name.replace(/\?$/, ""))).size).toBe(modules.length);
  });

  it("knows the kernels' packages", () => {
    expect(chooseKernelMetapackage("cloud", "amd64")).toBe("linux-image-cloud-amd64");
    expect(chooseKernelMetapackage("metal", "arm64")).toBe("linux-image-arm64");
  });
});
