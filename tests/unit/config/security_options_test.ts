import { describe, expect, it } from "vitest";
import { parseRun } from "../../support/parse_value.ts";

describe("options about privileges and images", () => {
  it.each([
    {
      text: "--privileged=false --cap-add net_admin,CAP_SYS_PTRACE --cap-drop all",
      wanted: { privileged: false, capAdd: ["CAP_NET_ADMIN", "CAP_SYS_PTRACE"], capDrop: ["ALL"] },
    },
    { text: "--security-opt no-new-privileges", wanted: { noNewPrivileges: true } },
    { text: "--security-opt no-new-privileges:true", wanted: { noNewPrivileges: true } },
    { text: "--security-opt no-new-privileges=false", wanted: { noNewPrivileges: false } },
    { text: "--security-opt seccomp=unconfined", wanted: { seccomp: "unconfined" } },
    { text: "--security-opt seccomp=/x.json", wanted: { seccomp: "/x.json" } },
    {
      text: "--security-opt label=disable --security-opt apparmor:unconfined",
      wanted: { seccomp: "default", noNewPrivileges: false },
    },
    { text: "--read-only", wanted: { readOnly: true } },
    { text: "--userns=host", wanted: {} },
    { text: "--pull missing", wanted: { pull: "missing" } },
    { text: "--platform linux/arm64/v8", wanted: { platform: "linux/arm64/v8" } },
    { text: "--arch arm64", wanted: { platform: "linux/arm64" } },
    { text: "--os linux --arch arm --variant v6", wanted: { platform: "linux/arm/v6" } },
    { text: "--tls-verify", wanted: { tlsVerify: true } },
  ])("$text", ({ text, wanted }) => {
    const { value, problems } = parseRun(`${text} img`);
    expect(problems).toEqual([]);
    expect(value?.options).toMatchObject(wanted);
    expect(value?.options).not.toHaveProperty("arch");
  });

  it.each([
    {
      text: "--cap-add SYS_ADMN",
      message: '"SYS_ADMN" is no capability',
      hint: "write CAP_SYS_ADMIN",
    },
    {
      text: "--security-opt=seccomp",
      message: '"seccomp" names no profile',
      hint: "write seccomp=unconfined or seccomp=PATH",
    },
    {
      text: "--security-opt=unmask=ALL",
      message: '"unmask=ALL" is refused: which of /proc is hidden cannot be chosen',
      hint: undefined,
    },
    {
      text: "--security-opt=secomp=x",
      message:
        '"secomp=x" is no security option: known are no-new-privileges, seccomp, label, apparmor',
      hint: "write seccomp",
    },
    {
      text: "--security-opt=no-new-privileges=x",
      message: '"x" is neither true nor false',
      hint: "write true, false, 1 or 0",
    },
    {
      text: "--userns=keep-id",
      message: '"keep-id" is refused: containers share the machine\'s users',
      hint: "write host",
    },
    {
      text: "--pull=newest",
      message: '"newest" is none of always, newer, missing, never',
      hint: "write newer",
    },
    {
      text: "--platform arm64",
      message: '"arm64" is not a platform that can run here',
      hint: "write linux/ARCH, such as linux/arm64",
    },
    {
      text: "--platform linux/arm64 --arch arm64",
      message: "--arch cannot stand beside --platform",
      hint: undefined,
    },
    {
      text: "--variant v6",
      message: "--variant says nothing without --arch",
      hint: "write --platform=linux/ARCH/VARIANT",
    },
    {
      text: "--os windows",
      message: '"windows" cannot run here',
      hint: "write linux",
    },
    {
      text: "--arch ARM/64",
      message: '"ARM/64" cannot be part of a platform\'s name',
      hint: undefined,
    },
  ])("refuses $text", ({ text, message, hint }) => {
    const { value, errors, problems } = parseRun(`${text} img`);
    expect(value).toBeUndefined();
    expect(errors).toEqual([message]);
    expect(problems[0]?.hint).toBe(hint);
  });
});
