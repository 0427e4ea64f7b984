import { describe, expect, it } from "vitest";
import { parseEnvironmentFile } from "../../../agent/container/environment_file.ts";
import { renderExactJson } from "../../../agent/container/exact_json.ts";
import { chooseArguments } from "../../../agent/container/process_arguments.ts";
import { parseHardLimits, planRlimits } from "../../../agent/container/rlimits.ts";
import { parseSignal } from "../../../agent/container/signals.ts";
import { isSystemdContainer } from "../../../agent/container/systemd_mode.ts";

describe("chooseArguments", () => {
  const image = { imageEntrypoint: ["/entry", "-x"], imageCommand: ["serve"] };

  it.each([
    { about: "the image's own", entrypoint: undefined, command: [], args: "/entry -x serve" },
    { about: "another command", entrypoint: undefined, command: ["ls"], args: "/entry -x ls" },
    { about: "another entrypoint, without the image's Cmd", entrypoint: ["sh"], args: "sh" },
    { about: "another of both", entrypoint: ["sh", "-e"], command: ["a"], args: "sh -e a" },
    { about: "no entrypoint", entrypoint: [], command: ["ls", "/"], args: "ls /" },
  ])("gives $about", ({ entrypoint, command = [], args }) => {
    expect(chooseArguments({ ...image, entrypoint, command })).toEqual(args.split(" "));
  });

  it("refuses to run nothing", () => {
    expect(() => chooseArguments({ ...image, entrypoint: [], command: [] }))
      .toThrow("names no command");
  });
});

describe("isSystemdContainer", () => {
  it.each(
    [
      { program: "/sbin/init", option: "true", systemd: true },
      { program: "/usr/sbin/init", option: "true", systemd: true },
      { program: "/lib/systemd/systemd", option: "true", systemd: true },
      { program: "systemd", option: "true", systemd: true },
      { program: "/bin/init", option: "true", systemd: false },
      { program: "sh", option: "true", systemd: false },
      { program: "/sbin/init", option: "false", systemd: false },
      { program: "sh", option: "always", systemd: true },
    ] as const,
  )("$program with --systemd=$option: $systemd", ({ program, option, systemd }) => {
    expect(isSystemdContainer([program, "sh", "/sbin/init"], option)).toBe(systemd);
  });
});

describe("parseEnvironmentFile", () => {
  it("takes lines as they are", () => {
    const text = "# comment\n\nA=1\n  B = x y \r\nC\nD=\nE='q'#no comment\n".replace("B =", "B=");
    expect(parseEnvironmentFile(text, "/f")).toEqual([
      { name: "A", value: "1" },
      { name: "B", value: " x y " },
      { name: "C", value: null },
      { name: "D", value: "" },
      { name: "E", value: "'q'#no comment" },
    ]);
  });

  it("names the line that is wrong", () => {
    expect(() => parseEnvironmentFile("A=1\n=2", "/f")).toThrow("/f: line 2 has no variable name");
    expect(() => parseEnvironmentFile("two words", "/f")).toThrow("line 1");
  });
});

describe("parseSignal", () => {
  it.each([
    { text: "SIGTERM", number: 15 },
    { text: "kill", number: 9 },
    { text: "3", number: 3 },
    { text: "SIGRTMIN+3", number: 37 },
    { text: "RTMIN", number: 34 },
    { text: "rtmax-1", number: 63 },
    { text: "SIGSYS", number: 31 },
  ])("$text is $number", ({ text, number }) => {
    expect(parseSignal(text)).toBe(number);
  });

  it.each(["", "FOO", "0", "65", "RTMIN+31", "RTMAX-31", "-1"])("refuses '%s'", (text) => {
    expect(() => parseSignal(text)).toThrow("Cannot use signal");
  });
});

describe("planRlimits", () => {
  it("bounds the defaults where limits cannot be raised", () => {
    const hardLimits = { RLIMIT_NOFILE: 4096 };
    expect(planRlimits([], [], hardLimits)).toEqual([
      { type: "RLIMIT_NOFILE", soft: 4096n, hard: 4096n },
      { type: "RLIMIT_NPROC", soft: 1048576n, hard: 1048576n },
    ]);
    expect(planRlimits([], ["CAP_SYS_RESOURCE"], hardLimits)[0]?.hard).toBe(1048576n);
  });

  it("knows no end", () => {
    const core = planRlimits([{ name: "core", soft: 0, hard: -1 }], [], {}).at(-1);
    expect(renderExactJson(core))
      .toBe('{"type":"RLIMIT_CORE","soft":0,"hard":18446744073709551615}');
  });

  it("refuses what getrlimit does not know, and soft above hard", () => {
    expect(() => planRlimits([{ name: "foo", soft: 1, hard: 1 }], [], {})).toThrow("limit foo");
    expect(() => planRlimits([{ name: "core", soft: -1, hard: 4 }], [], {})).toThrow("above");
  });
});

describe("parseHardLimits", () => {
  it("reads /proc/PID/limits", () => {
    const text = [
      "Limit                     Soft Limit           Hard Limit           Units     ",
      "Max cpu time              unlimited            unlimited            seconds   ",
      "Max processes             96365                unlimited            processes ",
      "Max open files            1024                 20000                files     ",
    ].join("\n");
    expect(parseHardLimits(text)).toEqual({ RLIMIT_NOFILE: 20000 });
  });
});

describe("renderExactJson", () => {
  it("is JSON", () => {
    const value = { a: [1, "ü\n\u2028", null, true], b: { c: -0.5 }, d: undefined, 'e"': {} };
    expect(renderExactJson(value)).toBe(JSON.stringify(value));
  });
});
