import { describe, expect, it } from "vitest";
import { parsePullOptions } from "../../../agent/commands/pull_options.ts";
import { AgentError } from "../../../agent/errors.ts";

const DEFAULTS = {
  reference: "r",
  store: "s",
  platform: undefined,
  policy: "always",
  jobs: undefined,
  tlsVerify: true,
  caFiles: [],
  user: undefined,
  authFile: undefined,
};

describe("parsePullOptions", () => {
  it.each([
    { argv: ["r", "s"], wanted: {} },
    { argv: ["--platform", "linux/arm64", "r", "s"], wanted: { platform: "linux/arm64" } },
    { argv: ["r", "--platform=linux/arm64", "s"], wanted: { platform: "linux/arm64" } },
    { argv: ["--tls-verify=false", "r", "s"], wanted: { tlsVerify: false } },
    { argv: ["--tls-verify=0", "r", "s"], wanted: { tlsVerify: false } },
    { argv: ["--tls-verify", "r", "s"], wanted: { tlsVerify: true } },
    { argv: ["--tls-verify=false", "--tls-verify=true", "r", "s"], wanted: { tlsVerify: true } },
    { argv: ["--ca", "a", "--ca=b", "r", "s"], wanted: { caFiles: ["a", "b"] } },
    { argv: ["--jobs=7", "r", "s"], wanted: { jobs: 7 } },
    { argv: ["--pull", "missing", "r", "s"], wanted: { policy: "missing" } },
    { argv: ["--user=me", "--password-stdin", "r", "s"], wanted: { user: "me" } },
    { argv: ["--authfile", "f", "r", "s"], wanted: { authFile: "f" } },
    { argv: ["--", "r", "s"], wanted: {} },
    { argv: ["r", "--", "--tls-verify=false"], wanted: { store: "--tls-verify=false" } },
    { argv: ["123", "0456"], wanted: { reference: "123", store: "0456" } },
  ])("$argv", ({ argv, wanted }) => {
    expect(parsePullOptions(argv)).toEqual({ ...DEFAULTS, ...wanted });
  });

  it.each([
    { argv: [], reason: "REF and STORE are needed" },
    { argv: ["r"], reason: "REF and STORE are needed" },
    { argv: ["r", "s", "t"], reason: "t is one argument too many" },
    { argv: ["--plattform=x", "r", "s"], reason: "--plattform is no option" },
    { argv: ["-q", "r", "s"], reason: "-q is no option" },
    { argv: ["--password=hunter2", "r", "s"], reason: "--password is no option" },
    { argv: ["--platform=", "r", "s"], reason: "--platform needs a value" },
    { argv: ["r", "s", "--platform"], reason: "--platform needs a value" },
    { argv: ["--ca=", "r", "s"], reason: "--ca needs a value" },
    { argv: ["--jobs=0", "r", "s"], reason: "--jobs is a number" },
    { argv: ["--jobs=many", "r", "s"], reason: "--jobs is a number" },
    { argv: ["--pull=sometimes", "r", "s"], reason: "--pull is one of always, newer" },
    { argv: ["--tls-verify=maybe", "r", "s"], reason: "--tls-verify is true or false, not maybe" },
    { argv: ["--user=me", "r", "s"], reason: "--user and --password-stdin go together" },
    { argv: ["--password-stdin", "r", "s"], reason: "--user and --password-stdin go together" },
  ])("refuses $argv", ({ argv, reason }) => {
    let error: unknown;
    try {
      parsePullOptions(argv);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(AgentError);
    expect((error as AgentError).message).toContain(reason);
    expect((error as AgentError).message).not.toContain("hunter2");
  });

  it("gives nothing when help is asked for", () => {
    expect(parsePullOptions(["--help"])).toBeUndefined();
  });
});
