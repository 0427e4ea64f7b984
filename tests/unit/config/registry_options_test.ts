import { describe, expect, it } from "vitest";
import {
  parseCertificate,
  parseLogin,
  parseRegistry,
  parseVerifyRule,
} from "../../../agent/config/registry_options.ts";
import { parseLine, parseValue } from "../../support/parse_value.ts";

const HEX = "ab".repeat(32);

describe("b2c.registry", () => {
  it.each([
    { text: "*,insecure", wanted: { host: "*", insecure: true, mirrors: [], certificates: [] } },
    {
      text: "Docker.io,mirror=https://m1,mirror=http://m2:5000/v2,ca=/b2c.d/ca.pem,ca=https://h/x",
      wanted: {
        host: "docker.io",
        insecure: false,
        mirrors: ["https://m1", "http://m2:5000/v2"],
        certificates: ["/b2c.d/ca.pem", "https://h/x"],
      },
    },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseRegistry, text)).toMatchObject({ value: wanted, problems: [] });
  });

  it.each([
    { text: "https://h:5000", message: '"https://h:5000" is a URL where a host is wanted' },
    { text: "h,mirror=m", message: '"m" is not a URL that begins with https:// or http://' },
    { text: "h,insecur", message: '"insecur" is no option here: known are insecure, mirror, ca' },
    { text: "h,ca=ca.pem", message: '"ca.pem" is not the absolute path of a certificate' },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseRegistry, text)).toMatchObject({ value: undefined, errors: [message] });
  });

  it("adds up what is said of one registry", () => {
    const line = "b2c.registry=h,mirror=https://a b2c.registry=h,insecure,mirror=https://b";
    expect(parseLine(line).registries).toEqual([
      { host: "h", insecure: true, mirrors: ["https://a", "https://b"], certificates: [] },
    ]);
  });
});

describe("b2c.login", () => {
  it.each([
    {
      text: "h:5000,joe,p,w =x",
      wanted: { kind: "password", host: "h:5000", user: "joe", password: "p,w =x" },
    },
    { text: "h,@/b2c.d/login", wanted: { kind: "file", host: "h", path: "/b2c.d/login" } },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseLogin, text)).toMatchObject({ value: wanted, problems: [] });
  });

  it.each([
    { text: "h", message: '"h" has no user' },
    { text: "h,joe", message: '"h,***" has no password' },
    { text: "h,,HIDDEN", message: '"h,,***" has no user' },
    { text: "h,@login", message: '"login" is not the absolute path of a file with the login' },
    { text: "h:joe:HIDDEN", message: '"h***" has no user' },
    { text: "h joe HIDDEN", message: '"h***" has no user' },
    { text: "h:5000 joe HIDDEN", message: '"h:5000***" has no user' },
  ])("refuses $text and shows no password", ({ text, message }) => {
    const { value, errors, problems } = parseValue(parseLogin, text);
    expect(value).toBeUndefined();
    expect(errors).toContain(message);
    expect(JSON.stringify(problems)).not.toContain("HIDDEN");
  });
});

describe("b2c.ca", () => {
  it.each([
    { text: "/b2c.d/ca.pem", wanted: { source: "/b2c.d/ca.pem", sha256: undefined } },
    { text: `/ca.pem,sha256=${HEX}`, wanted: { source: "/ca.pem", sha256: HEX } },
    { text: `http://h/ca.pem,sha256=${HEX}`, wanted: { source: "http://h/ca.pem", sha256: HEX } },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseCertificate, text)).toMatchObject({ value: wanted, problems: [] });
  });

  it.each([
    { text: "https://h/ca.pem", message: '"https://h/ca.pem" has no digest to check it by' },
    { text: "ca.pem", message: '"ca.pem" is not the absolute path of a certificate' },
    { text: "ftp://h/x", message: '"ftp://h/x" is not a URL that begins with https:// or http://' },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseCertificate, text)).toMatchObject({
      value: undefined,
      errors: [message],
    });
  });
});

describe("b2c.verify", () => {
  it("keeps rules in order", () => {
    const line = "b2c.verify=docker.io/*,key=/b2c.d/k.pub b2c.verify=h/x,accept b2c.verify=*,deny";
    const { verify, problems } = parseLine(line);
    expect(problems).toEqual([]);
    expect(verify).toEqual([
      { pattern: "docker.io/*", verdict: { kind: "key", path: "/b2c.d/k.pub" } },
      { pattern: "h/x", verdict: { kind: "accept" } },
      { pattern: "*", verdict: { kind: "deny" } },
    ]);
  });

  it.each([
    { text: "*", message: '"*" says nothing about the images' },
    { text: ",deny", message: "a pattern of image names is missing" },
    { text: "*,denied", message: '"denied" is no verdict' },
    { text: "*,key=k.pub", message: '"k.pub" is not the absolute path of a public key' },
    { text: "*,accept,deny", message: '"deny" is one word too many' },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseVerifyRule, text)).toMatchObject({
      value: undefined,
      errors: [message],
    });
  });

  it("keeps everything from running when a rule is wrong", () => {
    expect(parseLine("b2c.verify=*,denied").problems[0]?.essential).toBe(true);
  });
});
