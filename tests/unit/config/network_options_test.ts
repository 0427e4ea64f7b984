import { describe, expect, it } from "vitest";
import {
  parseExtraArguments,
  parseNtpPeer,
  parseProxy,
} from "../../../agent/config/network_options.ts";
import { parseLine, parseValue } from "../../support/parse_value.ts";

const HEX = "0123456789abcdef".repeat(4);

describe("b2c.ntp_peer", () => {
  it.each([
    { text: "none", wanted: { kind: "none" } },
    { text: "auto", wanted: { kind: "auto" } },
    { text: "ci-gateway", wanted: { kind: "host", host: "ci-gateway" } },
    { text: "[2001:db8::1]", wanted: { kind: "host", host: "2001:db8::1" } },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseNtpPeer, text)).toMatchObject({ value: wanted, problems: [] });
  });

  it("refuses a URL", () => {
    expect(parseLine("b2c.ntp_peer=ntp://x").errors).toHaveLength(1);
    expect(parseLine("b2c.ntp_peer=ntp://x").ntp).toEqual({ kind: "none" });
  });
});

describe("b2c.extra_args_url", () => {
  it.each([
    {
      text: "http://10.42.0.1/job/b2c-extra-args",
      wanted: { url: "http://10.42.0.1/job/b2c-extra-args", sha256: undefined },
    },
    {
      text: `https://h/\${mac}?ip=\${ip}&s=\${serial},sha256=${HEX.toUpperCase()}`,
      wanted: { url: "https://h/${mac}?ip=${ip}&s=${serial}", sha256: HEX },
    },
    {
      text: "http://${hostname}.lab/a,b",
      wanted: { url: "http://${hostname}.lab/a,b", sha256: undefined },
    },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseExtraArguments, text)).toMatchObject({ value: wanted, problems: [] });
  });

  it.each([
    {
      text: "tftp://h/x",
      message: '"tftp://h/x" is not a URL that begins with http:// or https://',
    },
    {
      text: "http://h/${mak}",
      message:
        '"${mak}" is no placeholder: known are ${mac}, ${ip}, ${hostname}, ${uuid}, ${serial}',
    },
    {
      text: "http://h/${mac",
      message:
        '"${mac" is no placeholder: known are ${mac}, ${ip}, ${hostname}, ${uuid}, ${serial}',
    },
    { text: "http://h/,sha256=abc", message: '"abc" is not a SHA-256 digest: 64 hex digits' },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseExtraArguments, text)).toMatchObject({
      value: undefined,
      errors: [message],
    });
  });

  it("keeps everything from running when it is wrong", () => {
    expect(parseLine("b2c.extra_args_url=h").problems[0]?.essential).toBe(true);
  });
});

describe("b2c.proxy", () => {
  it.each([
    { text: "https=http://p:3128", wanted: { https: "http://p:3128", http: undefined, no: [] } },
    {
      text: "http=http://p:1,https=socks5://p:2,no=localhost,.lab,10.0.0.0/8",
      wanted: {
        http: "http://p:1",
        https: "socks5://p:2",
        no: ["localhost", ".lab", "10.0.0.0/8"],
      },
    },
    { text: "no=a|b|[::1]", wanted: { no: ["a", "b", "[::1]"] } },
    { text: "no=a,https=http://p:1", wanted: { no: ["a"], https: "http://p:1" } },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseProxy, text)).toMatchObject({ value: wanted, problems: [] });
  });

  it.each([
    { text: "http://p:3128", message: '"http://p:3128" is no proxy' },
    {
      text: "https=p:3128",
      message: '"p:3128" is not a URL that begins with http:// or https:// or socks5://',
    },
    { text: "no=a b", message: '"a b" is not a host, domain or network' },
    { text: "http=http://p,b", message: '"b" is no proxy' },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseProxy, text)).toMatchObject({ value: undefined, errors: [message] });
  });

  it("gathers what several say", () => {
    const line = "b2c.proxy=http=http://a b2c.proxy=no=x b2c.proxy=http=http://b,no=y";
    expect(parseLine(line).proxy).toEqual({ http: "http://b", https: undefined, no: ["x", "y"] });
  });

  it("hides credentials", () => {
    const { problems } = parseLine("b2c.proxy=https=ftp://joe:HIDDEN@p:1");
    expect(problems[0]?.message).toContain("ftp://***@p:1");
    expect(JSON.stringify(problems)).not.toContain("HIDDEN");
  });
});
