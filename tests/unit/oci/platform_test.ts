import { describe, expect, it } from "vitest";
import { AgentError } from "../../../agent/errors.ts";
import { parsePlatform, rankPlatform, renderPlatform } from "../../../agent/oci/platform.ts";

describe("parsePlatform", () => {
  it.each([
    { text: "linux/amd64", shown: "linux/amd64" },
    { text: "amd64", shown: "linux/amd64" },
    { text: "aarch64", shown: "linux/arm64" },
    { text: "linux/x86_64", shown: "linux/amd64" },
    { text: "Linux/ARM64/v8", shown: "linux/arm64/v8" },
    { text: "linux/arm/7", shown: "linux/arm/v7" },
    { text: "armhf", shown: "linux/arm/v7" },
    { text: "linux/armel", shown: "linux/arm/v6" },
    { text: "i686", shown: "linux/386" },
    { text: "windows/amd64", shown: "windows/amd64" },
  ])("$text is $shown", ({ text, shown }) => {
    expect(renderPlatform(parsePlatform(text))).toBe(shown);
  });
  it.each(["", "a/b/c/d", "linux/", "linux//v7", "linux/a b"])("refuses '%s'", (text) => {
    expect(() => parsePlatform(text)).toThrow(AgentError);
  });
});

describe("rankPlatform", () => {
  it.each([
    { have: "linux/amd64", want: "linux/amd64", rank: 1 },
    { have: "linux/amd64", want: "linux/amd64/v3", rank: 1 },
    { have: "linux/amd64/v2", want: "linux/amd64/v3", rank: 2 },
    { have: "linux/amd64/v4", want: "linux/amd64/v3", rank: undefined },
    { have: "linux/amd64/v2", want: "linux/amd64", rank: undefined },
    { have: "linux/x86_64", want: "linux/amd64", rank: 1 },
    { have: "linux/arm/v6", want: "linux/arm/v7", rank: 6 },
    { have: "linux/arm/v7", want: "linux/arm/v7", rank: 7 },
    { have: "linux/arm", want: "linux/arm/v7", rank: 7 },
    { have: "linux/arm/v7", want: "linux/arm/v6", rank: undefined },
    { have: "linux/arm64", want: "linux/arm64", rank: 8 },
    { have: "linux/arm64/v8", want: "linux/arm64", rank: 8 },
    { have: "linux/arm64/v8.2", want: "linux/arm64", rank: undefined },
    { have: "linux/arm64/v9", want: "linux/arm64/v8", rank: undefined },
    { have: "linux/riscv64", want: "linux/riscv64", rank: 0 },
    { have: "linux/mips/softfloat", want: "linux/mips", rank: undefined },
    { have: "linux/arm64", want: "linux/amd64", rank: undefined },
    { have: "linux/constructor", want: "linux/amd64", rank: undefined },
    { have: "linux/__proto__", want: "linux/valueof", rank: undefined },
    { have: "windows/amd64", want: "linux/amd64", rank: undefined },
  ])("$have on $want: $rank", ({ have, want, rank }) => {
    expect(rankPlatform(parsePlatform(have), parsePlatform(want))).toBe(rank);
  });
});
