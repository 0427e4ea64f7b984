import { describe, expect, it } from "vitest";
import { chooseRealmRefusal } from "../../../agent/oci/realm.ts";

const HTTPS = "https://registry.example/v2/x/manifests/y";
const HTTP = "http://registry.example:5000/v2/x/manifests/y";
const STRICT = { insecure: false, secret: true };
const LAX = { insecure: true, secret: true };

describe("chooseRealmRefusal", () => {
  it.each([
    { realm: "https://auth.example/token", from: HTTPS, rules: STRICT, reason: undefined },
    { realm: "https://auth.example/token", from: HTTP, rules: LAX, reason: undefined },
    { realm: "http://registry.example/token", from: HTTPS, rules: STRICT, reason: "without TLS" },
    {
      realm: "http://registry.example/token",
      from: HTTPS,
      rules: { insecure: false, secret: false },
      reason: "without TLS",
    },
    { realm: "http://registry.example:5001/token", from: HTTP, rules: LAX, reason: undefined },
    { realm: "http://evil.example/token", from: HTTP, rules: LAX, reason: "another host" },
    {
      realm: "http://auth.example/token",
      from: HTTP,
      rules: { insecure: true, secret: false },
      reason: undefined,
    },
    { realm: "https://user:pass@auth.example/", from: HTTPS, rules: STRICT, reason: "a login" },
    { realm: "ftp://auth.example/token", from: HTTPS, rules: STRICT, reason: "not https" },
    { realm: "file:///token", from: HTTP, rules: LAX, reason: "not https" },
    { realm: "/token", from: HTTPS, rules: STRICT, reason: "no URL" },
    { realm: "", from: HTTPS, rules: STRICT, reason: "no URL" },
  ])("$realm from $from: $reason", ({ realm, from, rules, reason }) => {
    const refusal = chooseRealmRefusal(realm, from, rules);
    if (reason === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toContain(reason);
  });
});
