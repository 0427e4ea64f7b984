import { describe, expect, it } from "vitest";
import { errnoName } from "../../../agent/sys/errno.ts";
import { parseMounts, planRamStorage } from "../../../agent/sys/mounts.ts";
import { parseStat } from "../../../agent/sys/process_one.ts";
import { parseUevent } from "../../../agent/sys/uevents.ts";

describe("parseMounts", () => {
  it("undoes octal escapes", () => {
    expect(parseMounts("/dev/sda1 /with\\040space ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n"))
      .toEqual([
        { source: "/dev/sda1", target: "/with space", type: "ext4" },
        { source: "tmpfs", target: "/run", type: "tmpfs" },
      ]);
  });
});

describe("parseStat", () => {
  it("is not misled by a program's name", () => {
    expect(parseStat("42 (evil) Z 7 (x) S 1 42 42")).toEqual({ state: "S", parent: 1 });
    expect(parseStat("7 (sh) Z 1 7 7 0")).toEqual({ state: "Z", parent: 1 });
    expect(parseStat("nonsense")).toBeUndefined();
  });
});

describe("parseUevent", () => {
  it("reads the variables after the header", () => {
    const message = "add@/devices/x\0ACTION=add\0SUBSYSTEM=net\0INTERFACE=eth0\0";
    const event = parseUevent(new TextEncoder().encode(message));
    expect(event.get("ACTION")).toBe("add");
    expect(event.get("INTERFACE")).toBe("eth0");
  });
});

describe("errnoName", () => {
  it("names the known and numbers the others", () => {
    expect(errnoName(2)).toBe("ENOENT");
    expect(errnoName(200)).toBe("errno 200");
  });
});

describe("planRamStorage", () => {
  const MIB = 2 ** 20;
  it.each([
    { total: 8192, available: 7900, least: 5000, most: 6144 },
    { total: 966, available: 720, least: 450, most: 560 },
    { total: 345, available: 170, least: 45, most: 60 },
  ])("leaves room to live in $total MiB", ({ total, available, least, most }) => {
    const { bytes, inodes } = planRamStorage(total * MIB, available * MIB);
    expect(bytes).toBeGreaterThan(least * MIB);
    expect(bytes + inodes * 1024).toBeLessThanOrEqual(most * MIB);
  });
});
