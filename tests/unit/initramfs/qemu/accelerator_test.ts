import { describe, expect, it } from "vitest";
import { chooseAccelerator } from "../../../../initramfs/qemu/accelerator.ts";

const CPUINFO = "processor\t: 0\nflags\t\t: fpu vme FLAG sse\nbugs\t\t: x\n";

describe("chooseAccelerator", () => {
  it.each([
    { flag: "vmx", opens: true, chosen: "kvm" },
    { flag: "svm", opens: true, chosen: "kvm" },
    { flag: "vmx", opens: false, chosen: "tcg" },
    { flag: "svme", opens: true, chosen: "tcg" },
    { flag: "sse2", opens: true, chosen: "tcg" },
  ])("flag $flag, /dev/kvm opens: $opens: $chosen", ({ flag, opens, chosen }) => {
    expect(chooseAccelerator(CPUINFO.replace("FLAG", flag), opens)).toBe(chosen);
  });

  it("looks at the flags line only", () => {
    expect(chooseAccelerator("bugs\t\t: vmx\n", true)).toBe("tcg");
  });
});
