import { describe, expect, it } from "vitest";
import { planTokenRequest } from "../../../agent/oci/token.ts";

const QUERY = { service: "registry.example", scope: "repository:a/b:pull" };

describe("planTokenRequest", () => {
  it("asks as nobody", () => {
    expect(planTokenRequest("https://auth.example/token?x=1", QUERY, undefined)).toEqual({
      url:
        "https://auth.example/token?x=1&service=registry.example&scope=repository%3Aa%2Fb%3Apull",
    });
  });
  it("asks with a login, which UTF-8 may be part of", () => {
    const login = { kind: "password", user: "me", password: "pä:ss" } as const;
    const request = planTokenRequest("https://auth.example/token", QUERY, login);
    const [scheme, code] = (request.headers?.authorization ?? "").split(" ");
    const bytes = Uint8Array.from(atob(code ?? ""), (character) => character.charCodeAt(0));
    expect(scheme).toBe("Basic");
    expect(new TextDecoder().decode(bytes)).toBe("me:pä:ss");
    expect(request.url).not.toContain("me");
  });
  it("makes a parameter of each scope", () => {
    const query = { service: undefined, scope: "repository:a:pull  repository:b:pull" };
    const { url } = planTokenRequest("https://auth.example/token", query, undefined);
    expect(new URL(url).searchParams.getAll("scope")).toEqual([
      "repository:a:pull",
      "repository:b:pull",
    ]);
    expect(new URL(url).searchParams.has("service")).toBe(false);
  });
  it("posts an identity token, and puts it nowhere else", () => {
    const identity = { kind: "identity", token: "opa&que" } as const;
    const request = planTokenRequest("https://auth.example/token", QUERY, identity);
    expect(request.method).toBe("POST");
    expect(request.url).toBe("https://auth.example/token");
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({
      grant_type: "refresh_token",
      client_id: "boot2container",
      service: "registry.example",
      scope: "repository:a/b:pull",
      refresh_token: "opa&que",
    });
  });
});
