import { describe, expect, it } from "vitest";
import { AgentError } from "../../../agent/errors.ts";
import { findCredentialIn, parseAuthFile } from "../../../agent/oci/credentials.ts";

function auth(text: string) {
  return { auth: btoa(text) };
}

const FILE = JSON.stringify({
  auths: {
    "host.example": auth("host:1"),
    "host.example/ns": auth("ns:2"),
    "host.example/ns/repo": auth("repo:3"),
    "host.example:5000": auth("port:4"),
    "https://url.example/v1/": auth("url:5"),
    "http://plain.example": auth("plain:6"),
    "https://index.docker.io/v1/": auth("docker:7"),
    "identity.example": { auth: btoa("<token>:"), identitytoken: "opaque" },
    "fields.example": { username: "u", password: "p" },
    "colon.example": auth("user:pass:word"),
    "padded.example": auth("user:pass\0\0"),
    "helper.example": {},
    "[fd00::1]:5000": auth("six:8"),
  },
  credHelpers: { "other.example": "secretservice" },
});

describe("parseAuthFile and findCredentialIn", () => {
  const find = findCredentialIn([parseAuthFile("auth.json", FILE)]);

  it.each([
    { host: "host.example", path: "other/x", user: "host" },
    { host: "host.example", path: "ns/x", user: "ns" },
    { host: "host.example", path: "ns/repo", user: "repo" },
    { host: "host.example", path: "ns/repo/deep", user: "repo" },
    { host: "host.example", path: "ns2/x", user: "host" },
    { host: "host.example:5000", path: "ns/repo", user: "port" },
    { host: "url.example", path: "x", user: "url" },
    { host: "plain.example", path: "x", user: "plain" },
    { host: "docker.io", path: "library/alpine", user: "docker" },
    { host: "fields.example", path: "x", user: "u" },
    { host: "[fd00::1]:5000", path: "x", user: "six" },
    { host: "host.example:5001", path: "x", user: undefined },
    { host: "sub.host.example", path: "x", user: undefined },
    { host: "helper.example", path: "x", user: undefined },
    { host: "other.example", path: "x", user: undefined },
  ])("$host/$path is $user", ({ host, path, user }) => {
    const found = find(host, path);
    expect(found?.kind === "password" ? found.user : undefined).toBe(user);
  });

  it("splits at the first colon, and drops what pads", () => {
    expect(find("colon.example", "x")).toMatchObject({ user: "user", password: "pass:word" });
    expect(find("padded.example", "x")).toMatchObject({ password: "pass" });
  });
  it("prefers an identity token", () => {
    expect(find("identity.example", "x")).toEqual({ kind: "identity", token: "opaque" });
  });
  it("asks the tables in order", () => {
    const first = parseAuthFile("a", JSON.stringify({ auths: { "host.example": auth("me:9") } }));
    const second = parseAuthFile("b", FILE);
    expect(findCredentialIn([first, second])("host.example", "ns/repo"))
      .toMatchObject({ user: "me" });
    expect(findCredentialIn([])("host.example", "x")).toBeUndefined();
  });

  it.each([
    { text: "secret-not-json", reason: "not JSON" },
    { text: "[]", reason: 'no "auths"' },
    { text: '{"auths": 5}', reason: 'no "auths"' },
    { text: '{"auths": {"h": {"auth": "%%secret"}}}', reason: "not base64" },
    { text: `{"auths": {"h": {"auth": "${btoa("secret")}"}}}`, reason: "not base64" },
  ])("refuses $text without quoting it", ({ text, reason }) => {
    let error: unknown;
    try {
      parseAuthFile("auth.json", text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(AgentError);
    expect((error as AgentError).message).toContain(reason);
    expect((error as AgentError).message).not.toContain("secret");
    expect((error as AgentError).cause).toBeUndefined();
  });
  it("takes a file without logins", () => {
    expect(parseAuthFile("auth.json", "{}").size).toBe(0);
  });
});
