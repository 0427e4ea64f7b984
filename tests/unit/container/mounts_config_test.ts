import { describe, expect, it } from "vitest";
import {
  chooseBindOptions,
  chooseTmpfsOptions,
  chooseVolumeOptions,
} from "../../../agent/container/mount_options.ts";
import { planOwnMounts } from "../../../agent/container/mount_targets.ts";
import { planMounts } from "../../../agent/container/mounts_config.ts";
import { DEFAULT_OPTIONS } from "../../support/container_case.ts";

describe("mount options", () => {
  it("completes what a bind leaves open", () => {
    expect(chooseBindOptions([]).options).toEqual(["rw", "rprivate", "rbind"]);
    expect(chooseBindOptions(["ro", "Z", "slave", "bind"]).options).toEqual([
      "ro",
      "slave",
      "bind",
    ]);
  });

  it("keeps setuid programs and devices out of volumes", () => {
    expect(chooseVolumeOptions([]).options)
      .toEqual(["rw", "rprivate", "nosuid", "nodev", "rbind"]);
    expect(chooseVolumeOptions(["suid", "dev"]).options)
      .toEqual(["suid", "dev", "rw", "rprivate", "rbind"]);
  });

  it("tells whether the image's content goes into a volume", () => {
    expect(chooseVolumeOptions([]).copyUp).toBe(true);
    expect(chooseVolumeOptions(["nocopy"]).copyUp).toBe(false);
    expect(chooseTmpfsOptions(["notmpcopyup", "noatime"]).options).not.toContain("tmpcopyup");
  });

  it.each([
    { choose: () => chooseBindOptions(["foo"]), message: "option foo: not supported" },
    { choose: () => chooseBindOptions(["U"]), message: "option U: not supported" },
    { choose: () => chooseBindOptions(["size=1m"]), message: "option size=1m: not supported" },
    { choose: () => chooseBindOptions(["ro", "rw"]), message: "options ro and rw together" },
    { choose: () => chooseBindOptions(["shared", "slave"]), message: "shared and slave together" },
    { choose: () => chooseTmpfsOptions(["size="]), message: "option size=: not supported" },
    { choose: () => chooseTmpfsOptions(["rbind"]), message: "option rbind: not supported" },
  ])("refuses: $message", ({ choose, message }) => {
    expect(choose).toThrow(message);
  });
});

describe("planOwnMounts", () => {
  const bind = (target: string) => ({ kind: "bind", source: "/s", target, options: [] }) as const;

  it("makes anonymous volumes of the image's, where nothing else is", () => {
    const image = { Volumes: { "/data": {}, "/var/lib/x/": {}, "relative": {}, "/": {} } };
    expect(planOwnMounts(image, { ...DEFAULT_OPTIONS, mounts: [bind("/data/")] })).toEqual([
      bind("/data"),
      { kind: "volume", name: "", target: "/var/lib/x", options: [] },
      { kind: "volume", name: "", target: "/relative", options: [] },
    ]);
  });

  it("refuses a place twice, and a relative one", () => {
    const plan = (...targets: string[]) =>
      planOwnMounts({}, { ...DEFAULT_OPTIONS, mounts: targets.map(bind) });
    expect(() => plan("/a", "/b/../a")).toThrow("Cannot mount at /a: named twice");
    expect(() => plan("a")).toThrow("must be absolute");
  });
});

describe("planMounts", () => {
  it("mounts a folder before what lies in it", () => {
    const mounts = planMounts({
      options: DEFAULT_OPTIONS,
      ownMounts: [
        { kind: "tmpfs", target: "/a/b/c", options: [] },
        { kind: "tmpfs", target: "/", options: [] },
        { kind: "tmpfs", target: "/a", options: [] },
      ],
      folders: { named: new Map(), anonymous: new Map() },
      files: new Map(),
      systemd: false,
    }).map(({ destination }) => destination);
    expect(mounts[0]).toBe("/");
    expect(mounts.indexOf("/a")).toBeLessThan(mounts.indexOf("/a/b/c"));
    expect(mounts.indexOf("/dev")).toBeLessThan(mounts.indexOf("/dev/pts"));
  });
});
