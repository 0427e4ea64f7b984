import { describe, expect, it } from "vitest";
import {
  type Machine,
  type MachineBoot,
  renderQemuArguments,
} from "../../../../initramfs/qemu/qemu_arguments.ts";

const KERNEL: MachineBoot = {
  kind: "kernel",
  kernel: "vmlinuz",
  initrd: "initrd",
  commandLine: 'panic=-1 b2c.run="a b"',
};
const MACHINE: Machine = { memoryMib: 1024, cpus: 2, boot: KERNEL };

/** The values of every occurrence of an option. */
function valuesOf(argv: readonly string[], option: string): readonly string[] {
  return argv.flatMap((word, i) => word === option ? [argv[i + 1] ?? ""] : []);
}

describe("renderQemuArguments", () => {
  it("never lets a machine start twice", () => {
    expect(renderQemuArguments(MACHINE, "kvm")).toContain("-no-reboot");
  });

  it("uses the processor itself with KVM, every feature of the translator without", () => {
    const kvm = renderQemuArguments(MACHINE, "kvm");
    expect(valuesOf(kvm, "-accel")).toEqual(["kvm"]);
    expect(valuesOf(kvm, "-cpu")).toEqual(["host"]);
    const tcg = renderQemuArguments(MACHINE, "tcg");
    expect(valuesOf(tcg, "-accel")).toEqual(["tcg,thread=multi"]);
    expect(valuesOf(tcg, "-cpu")).toEqual(["max"]);
  });

  it("hands the command line over as one word", () => {
    expect(valuesOf(renderQemuArguments(MACHINE, "tcg"), "-append")).toEqual([
      'panic=-1 b2c.run="a b"',
    ]);
  });

  it("has one network card without boot ROM unless told otherwise", () => {
    const argv = renderQemuArguments(MACHINE, "tcg");
    expect(valuesOf(argv, "-netdev")).toEqual(["user,id=net0"]);
    expect(valuesOf(argv, "-device")).toEqual(["virtio-net-pci,netdev=net0,romfile="]);
    expect(valuesOf(renderQemuArguments({ ...MACHINE, networks: [] }, "tcg"), "-netdev"))
      .toEqual([]);
  });

  it("describes cards", () => {
    const networks = [
      { mac: "52:54:00:00:00:01", forwards: [{ hostPort: 2222, guestPort: 22 }] },
      { restricted: true },
    ];
    const argv = renderQemuArguments({ ...MACHINE, networks }, "tcg");
    expect(valuesOf(argv, "-netdev")).toEqual([
      "user,id=net0,hostfwd=tcp:127.0.0.1:2222-:22",
      "user,id=net1,restrict=on",
    ]);
    expect(valuesOf(argv, "-device")).toEqual([
      "virtio-net-pci,netdev=net0,mac=52:54:00:00:00:01,romfile=",
      "virtio-net-pci,netdev=net1,romfile=",
    ]);
  });

  it("boots from the network with the card's ROM, by TFTP", () => {
    const boot: MachineBoot = { kind: "network", folder: "/srv/a,b", bootFile: "boot.ipxe" };
    const argv = renderQemuArguments({ ...MACHINE, boot }, "tcg");
    expect(valuesOf(argv, "-boot")).toEqual(["order=n"]);
    expect(valuesOf(argv, "-netdev")).toEqual([
      "user,id=net0,tftp=/srv/a,,b,bootfile=boot.ipxe",
    ]);
    expect(valuesOf(argv, "-device")).toEqual(["virtio-net-pci,netdev=net0"]);
    expect(argv).not.toContain("-kernel");
  });

  it("describes drives, and doubles commas in their names", () => {
    const drives = [
      { file: "/tmp/a,b.img" },
      { file: "c.qcow2", format: "qcow2", bus: "nvme", serial: "S1" },
    ] as const;
    const argv = renderQemuArguments({ ...MACHINE, drives, networks: [] }, "tcg");
    expect(valuesOf(argv, "-drive")).toEqual([
      "if=none,id=drive0,file=/tmp/a,,b.img,format=raw",
      "if=none,id=drive1,file=c.qcow2,format=qcow2",
    ]);
    expect(valuesOf(argv, "-device")).toEqual([
      "virtio-blk-pci,drive=drive0,serial=drive0",
      "nvme,drive=drive1,serial=S1",
    ]);
  });
});
