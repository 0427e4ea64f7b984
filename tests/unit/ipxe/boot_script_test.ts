import { describe, expect, it } from "vitest";
import { renderBootScript } from "../../../ipxe/boot_script.ts";

const SCRIPT = {
  url: "http://boot.lab/b2c",
  append: "console=ttyS0",
  runs: ['docker.io/library/alpine sh -c "a || b"'],
};

describe("renderBootScript", () => {
  const lines = renderBootScript(SCRIPT).split("\n");

  it("begins with iPXE's mark", () => {
    expect(lines[0]).toBe("#!ipxe");
  });

  it("loads the kernel with the whole command line", () => {
    expect(lines.find((line) => line.startsWith("kernel "))).toBe(
      "kernel http://boot.lab/b2c/vmlinuz initrd=initramfs.cpio.zst initrd=modules.cpio.zst " +
        'console=ttyS0 b2c.run="docker.io/library/alpine sh -c \\"a ${bar:string}| b\\"" ' +
        "|| goto failed",
    );
  });

  it("sets what the command line uses before it is used", () => {
    const set = lines.indexOf("set bar:hex 7c");
    expect(set).toBeGreaterThan(0);
    expect(set).toBeLessThan(lines.findIndex((line) => line.startsWith("kernel ")));
  });

  it("loads the modules over the agent's archive", () => {
    expect(lines.filter((line) => line.startsWith("initrd "))).toEqual([
      "initrd http://boot.lab/b2c/initramfs.cpio.zst || goto failed",
      "initrd http://boot.lab/b2c/modules.cpio.zst || goto failed",
    ]);
  });

  it("tries again after a while that grows", () => {
    const failed = lines.slice(lines.indexOf(":failed"));
    expect(failed).toContain("sleep ${delay}");
    expect(failed).toContain("iseq ${delay} 32 || inc delay ${delay}");
    expect(failed).toContain("goto try");
  });

  it("refuses a command line that the kernel would cut", () => {
    expect(() => renderBootScript({ ...SCRIPT, append: "x".repeat(2048) })).toThrow(
      "the command line has",
    );
  });
});
