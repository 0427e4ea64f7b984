import { describe, expect, it } from "vitest";
import { parseVmOptions } from "../../../initramfs/vm_options.ts";

describe("parseVmOptions", () => {
  it("takes a word with a space as a run value whatever option it begins with", () => {
    const value = "--tls-verify=false docker://h/a true";
    expect(parseVmOptions(["--", value])?.runs).toEqual([value]);
    expect(parseVmOptions(["--", "--append=quiet b2c.pipefail", value])).toMatchObject({
      append: "quiet b2c.pipefail",
      runs: [value],
    });
  });

  it("has defaults", () => {
    expect(parseVmOptions(["--", "--", "docker.io/library/alpine"])).toEqual({
      memoryMib: 1024,
      cpus: 2,
      append: "",
      drives: [],
      archives: [],
      timeoutMs: 3_600_000,
      runs: ["docker.io/library/alpine"],
    });
  });

  it("takes every option", () => {
    const argv =
      "-- --memory 384 --cpus 1 --append b2c.pipefail --append=a=b --drive d1 --drive d2 " +
      "--archive x.cpio --timeout 60 --";
    expect(parseVmOptions([...argv.split(" "), "-ti a", "--privileged b"])).toEqual({
      memoryMib: 384,
      cpus: 1,
      append: "b2c.pipefail a=b",
      drives: ["d1", "d2"],
      archives: ["x.cpio"],
      timeoutMs: 60_000,
      runs: ["-ti a", "--privileged b"],
    });
  });

  it.each([
    { name: "after deno task's own mark", argv: ["--", "-ti docker.io/library/alpine sh"] },
    { name: "after two marks", argv: ["--", "--", "-ti docker.io/library/alpine sh"] },
    { name: "after options", argv: ["--", "--cpus", "1", "-ti docker.io/library/alpine sh"] },
  ])("finds a run value that starts like an option, $name", ({ argv }) => {
    expect(parseVmOptions(argv)?.runs).toEqual(["-ti docker.io/library/alpine sh"]);
  });

  it("takes a value with a space for an option with an equals sign", () => {
    const request = parseVmOptions(["--", "--append=b2c.pipefail b2c.swap=1g", "alpine"]);
    expect(request?.append).toBe("b2c.pipefail b2c.swap=1g");
    expect(request?.runs).toEqual(["alpine"]);
  });

  it.each([
    { text: "512", mib: 512 },
    { text: "512M", mib: 512 },
    { text: "2G", mib: 2048 },
    { text: "1GiB", mib: 1024 },
  ])("reads memory $text", ({ text, mib }) => {
    expect(parseVmOptions(["--memory", text])?.memoryMib).toBe(mib);
  });

  it.each([
    { argv: ["--memroy", "512"], message: "Cannot take --memroy: no such option" },
    { argv: ["--memory", "lots"], message: "Cannot take --memory lots: wanted MiB" },
    { argv: ["--cpus", "0"], message: "Cannot take --cpus 0: wanted a number above 0" },
    { argv: ["--drive"], message: "Cannot take --drive: it has no value" },
    { argv: ["--timeout", "1h"], message: "Cannot take --timeout 1h" },
  ])("refuses $argv", ({ argv, message }) => {
    expect(() => parseVmOptions(argv)).toThrow(message);
  });

  it("gives help", () => {
    expect(parseVmOptions(["--", "--help"])).toBeUndefined();
  });
});
