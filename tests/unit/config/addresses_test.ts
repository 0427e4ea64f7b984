import { describe, expect, it } from "vitest";
import {
  parseCidr,
  parseHost,
  parseHostAndPort,
  parseHostName,
  parseIp,
  parseMac,
  parseUrl,
} from "../../../agent/config/addresses.ts";
import { parseValue } from "../../support/parse_value.ts";

const parseWeb = parseUrl("https", "http");

describe("addresses", () => {
  it.each([
    { parse: parseIp, text: "10.0.0.1", wanted: "10.0.0.1" },
    { parse: parseIp, text: "[2001:db8::1]", wanted: "2001:db8::1" },
    { parse: parseIp, text: "fe80::1", wanted: "fe80::1" },
    { parse: parseCidr, text: "10.0.0.2/24", wanted: "10.0.0.2/24" },
    { parse: parseCidr, text: "[2001:db8::2]/64", wanted: "2001:db8::2/64" },
    { parse: parseHost, text: "ci-gateway", wanted: "ci-gateway" },
    { parse: parseHost, text: "a.b.example.org.", wanted: "a.b.example.org." },
    { parse: parseHost, text: "[::1]", wanted: "::1" },
    { parse: parseHostAndPort, text: "Registry.Local:5000", wanted: "registry.local:5000" },
    { parse: parseHostAndPort, text: "[::1]:5000", wanted: "[::1]:5000" },
    { parse: parseHostAndPort, text: "docker.io", wanted: "docker.io" },
    { parse: parseHostName, text: "vivian", wanted: "vivian" },
    { parse: parseHostName, text: "dut-1.lab", wanted: "dut-1.lab" },
    { parse: parseWeb, text: "http://10.0.2.2:9000", wanted: "http://10.0.2.2:9000" },
    { parse: parseWeb, text: "https://[::1]/x?y=1", wanted: "https://[::1]/x?y=1" },
  ])("takes $text", ({ parse, text, wanted }) => {
    expect(parseValue(parse, text)).toEqual({
      value: wanted,
      problems: [],
      errors: [],
      warnings: [],
    });
  });

  it.each([
    { parse: parseIp, text: "10.0.0.256" },
    { parse: parseIp, text: "10.0.0" },
    { parse: parseIp, text: "" },
    { parse: parseIp, text: "gateway" },
    { parse: parseCidr, text: "10.0.0.2/33" },
    { parse: parseCidr, text: "fe80::1/129" },
    { parse: parseCidr, text: "10.0.0.2/255.255.255.0" },
    { parse: parseHost, text: "-a" },
    { parse: parseHost, text: "a b" },
    { parse: parseHost, text: "" },
    { parse: parseHost, text: "host:123" },
    { parse: parseHostAndPort, text: "host:0" },
    { parse: parseHostAndPort, text: "host:65536" },
    { parse: parseHostAndPort, text: "host/path" },
    { parse: parseHostAndPort, text: "" },
    { parse: parseHostName, text: "-dut" },
    { parse: parseHostName, text: "dut." },
    { parse: parseHostName, text: "x".repeat(65) },
    { parse: parseHostName, text: "ünicode" },
    { parse: parseWeb, text: "ftp://h" },
    { parse: parseWeb, text: "http://" },
    { parse: parseWeb, text: "http:///x" },
    { parse: parseWeb, text: "http://a b" },
    { parse: parseWeb, text: "http://a\tb" },
    { parse: parseWeb, text: "http://h:99999" },
    { parse: parseWeb, text: "" },
  ])("refuses $text", ({ parse, text }) => {
    const { value, errors } = parseValue<unknown>(parse, text);
    expect(value).toBeUndefined();
    expect(errors).toHaveLength(1);
  });

  it.each([
    { parse: parseCidr, text: "10.0.0.2", hint: "such as 10.0.0.2/24" },
    { parse: parseCidr, text: "fe80::1", hint: "such as fe80::1/64" },
    { parse: parseHostAndPort, text: "https://h:5000", hint: "write h:5000" },
    { parse: parseWeb, text: "mirror.local/v2", hint: "write https://mirror.local/v2" },
  ])("says what to write instead of $text", ({ parse, text, hint }) => {
    expect(parseValue<unknown>(parse, text).problems[0]?.hint).toBe(hint);
  });

  it("knows MAC addresses", () => {
    expect(parseMac("52-54-00-AB-cd-ef")).toBe("52:54:00:ab:cd:ef");
    expect(parseMac("52:54:00:ab:cd")).toBeUndefined();
    expect(parseMac("eth0")).toBeUndefined();
  });
});
