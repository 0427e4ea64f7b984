/** The seams to kernel and processes, against the real ones. Root. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandError, SyscallError } from "../../agent/errors.ts";
import { MS } from "../../agent/sys/kernel.ts";
import { readModaliases } from "../../agent/sys/modules.ts";
import { parseMounts } from "../../agent/sys/mounts.ts";
import { openSystem } from "../../agent/sys/system.ts";
import { readLinks, renderLinks } from "../../agent/net/links.ts";

let folder = "";
beforeAll(() => {
  folder = Deno.makeTempDirSync({ prefix: "sys-test-" });
});
afterAll(() => Deno.removeSync(folder, { recursive: true }));

describe("spawn", () => {
  const { spawn } = openSystem();

  it("returns what a program prints, and feeds it", async () => {
    expect(await spawn.run(["cat"], { input: "hello" })).toBe("hello");
    expect(await spawn.run(["sh", "-c", "echo $GREETING"], { env: { GREETING: "hi" } })).toBe(
      "hi\n",
    );
  });

  it("fails with the status and the end of stderr", async () => {
    const error = await spawn.run(["sh", "-c", "echo broken >&2; exit 3"]).catch((e) => e);
    expect(error).toBeInstanceOf(CommandError);
    expect(error.status).toBe(3);
    expect(error.stderrTail).toBe("broken\n");
  });

  it("fails with 127 when there is no such program", async () => {
    const error = await spawn.run(["/no/such/program"]).catch((e) => e);
    expect(error).toBeInstanceOf(CommandError);
    expect(error.status).toBe(127);
  });

  it("kills what takes too long, and counts signals as shells do", async () => {
    const error = await spawn.run(["sleep", "60"], { timeoutMs: 50 }).catch((e) => e);
    expect(error.status).toBe(128 + 9);
  });

  it("survives a program that does not read its input, and one that floods", async () => {
    expect(await spawn.run(["true"], { input: "x".repeat(1 << 20) })).toBe("");
    const flood = await spawn.run(["head", "-c", "3000000", "/dev/zero"]);
    expect(flood.length).toBe(1 << 20);
  });

  it("knows its children until they were waited for, and kills what is disposed", async () => {
    const child = spawn.start(["sleep", "60"]);
    expect(spawn.isOwnChild(child.pid)).toBe(true);
    await child[Symbol.asyncDispose]();
    expect(await child.status).toBe(128 + 9);
    expect(spawn.isOwnChild(child.pid)).toBe(false);
  });

  it("masks secrets in errors", async () => {
    const error = await spawn.run(["sh", "-c", "exit 1", "TOKEN=hunter2"]).catch((e) => e);
    expect(error.message).not.toContain("hunter2");
  });
});

describe("kernel", () => {
  const { kernel } = openSystem();

  it("mounts and unmounts", () => {
    const target = `${folder}/mnt`;
    Deno.mkdirSync(target);
    kernel.mount("scratch", target, "tmpfs", MS.NODEV, "size=64k");
    const targets = () => parseMounts(Deno.readTextFileSync("/proc/self/mounts"));
    expect(targets()).toContainEqual({ source: "scratch", target, type: "tmpfs" });
    kernel.unmount(target, 0);
    expect(targets().some((entry) => entry.target === target)).toBe(false);
  });

  it("tells call, path and errno of a failure", () => {
    const failed = (() => {
      try {
        kernel.mount("none", `${folder}/absent`, "tmpfs", 0, "");
        return undefined;
      } catch (error) {
        return error as SyscallError;
      }
    })();
    expect(failed).toBeInstanceOf(SyscallError);
    expect(failed?.code).toBe("ENOENT");
    expect(failed?.message).toContain(`${folder}/absent`);
  });

  it("refuses text that C would cut short", () => {
    expect(() => kernel.chroot("/tmp\0/x")).toThrow(/NUL/);
  });

  it("hears of no device while none comes", async () => {
    using devices = kernel.openUevents();
    expect(await devices.next()).toBeUndefined();
  });
});

describe("sysfs readers", () => {
  it("finds Ethernet interfaces with their drivers, and leaves the others out", () => {
    const sysfs = `${folder}/sysfs-links`;
    const add = (name: string, files: Record<string, string>, driver?: string) => {
      Deno.mkdirSync(`${sysfs}/class/net/${name}/device`, { recursive: true });
      for (const [file, text] of Object.entries(files)) {
        Deno.writeTextFileSync(`${sysfs}/class/net/${name}/${file}`, `${text}\n`);
      }
      if (driver) Deno.symlinkSync(`../../${driver}`, `${sysfs}/class/net/${name}/device/driver`);
    };
    add("lo", { type: "772", address: "00:00:00:00:00:00" });
    add("docker0", { type: "1", address: "02:42:00:00:00:01", carrier: "0" });
    add("eth1", { type: "1", address: "52:54:00:00:00:02", carrier: "0" }, "e1000");
    add("eth0", { type: "1", address: "52:54:00:00:00:01", carrier: "1" }, "virtio_net");
    const links = readLinks(sysfs);
    expect(links).toEqual([
      { name: "eth0", address: "52:54:00:00:00:01", carrier: true, driver: "virtio_net" },
      { name: "eth1", address: "52:54:00:00:00:02", carrier: false, driver: "e1000" },
    ]);
    expect(renderLinks(links)).toBe("eth0 (virtio_net, link up), eth1 (e1000, no link)");
  });

  it("collects each modalias once", () => {
    const sysfs = `${folder}/sysfs-devices`;
    for (
      const [bus, device, alias] of [
        ["virtio", "virtio0", "virtio:d00000001v00001AF4"],
        ["virtio", "virtio1", "virtio:d00000001v00001AF4"],
        ["pci", "0000:00:03.0", "pci:v00001AF4d00001000"],
      ] as const
    ) {
      Deno.mkdirSync(`${sysfs}/bus/${bus}/devices/${device}`, { recursive: true });
      Deno.writeTextFileSync(`${sysfs}/bus/${bus}/devices/${device}/modalias`, `${alias}\n`);
    }
    Deno.mkdirSync(`${sysfs}/bus/cpu/devices/cpu0`, { recursive: true });
    expect(readModaliases(sysfs)).toEqual(["pci:v00001AF4d00001000", "virtio:d00000001v00001AF4"]);
    expect(readModaliases(`${folder}/absent`)).toEqual([]);
  });
});
