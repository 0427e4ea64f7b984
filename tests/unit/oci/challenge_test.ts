import { describe, expect, it } from "vitest";
import { parseChallenges } from "../../../agent/oci/challenge.ts";

function shown(header: string | null) {
  return parseChallenges(header).map(({ scheme, params }) => [scheme, Object.fromEntries(params)]);
}

describe("parseChallenges", () => {
  it.each([
    {
      header: 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",' +
        'scope="repository:library/alpine:pull"',
      wanted: [["bearer", {
        realm: "https://auth.docker.io/token",
        service: "registry.docker.io",
        scope: "repository:library/alpine:pull",
      }]],
    },
    {
      header: 'Bearer scope="repository:a:pull,push", realm="https://a/t"',
      wanted: [["bearer", { scope: "repository:a:pull,push", realm: "https://a/t" }]],
    },
    { header: 'Basic realm="registry"', wanted: [["basic", { realm: "registry" }]] },
    { header: "Basic", wanted: [["basic", {}]] },
    {
      header: 'BASIC Realm="x", charset="UTF-8"',
      wanted: [["basic", { realm: "x", charset: "UTF-8" }]],
    },
    {
      header: 'Basic realm="x", Bearer realm="https://a/t",service="s"',
      wanted: [["basic", { realm: "x" }], ["bearer", { realm: "https://a/t", service: "s" }]],
    },
    {
      header: 'Negotiate, Bearer realm="https://a/t"',
      wanted: [["negotiate", {}], ["bearer", { realm: "https://a/t" }]],
    },
    {
      header: 'Negotiate abc==, Basic realm="x"',
      wanted: [["negotiate", {}], ["basic", { realm: "x" }]],
    },
    {
      header: 'Bearer realm="a \\"quoted\\" \\\\ text, with = and Basic realm=x"',
      wanted: [["bearer", { realm: 'a "quoted" \\ text, with = and Basic realm=x' }]],
    },
    {
      header: 'Bearer  realm = "https://a/t" ,, service=plain.token',
      wanted: [["bearer", { realm: "https://a/t", service: "plain.token" }]],
    },
    {
      header: 'Bearer realm="https://good/", realm="https://evil/"',
      wanted: [["bearer", { realm: "https://good/" }]],
    },
    { header: 'realm="x"', wanted: [] },
    { header: 'Bearer realm="unclosed', wanted: [["bearer", { realm: "unclosed" }]] },
    { header: ",,=,", wanted: [] },
    { header: "", wanted: [] },
    { header: null, wanted: [] },
  ])("$header", ({ header, wanted }) => {
    expect(shown(header)).toEqual(wanted);
  });

  it("reads no more of a header than one needs", () => {
    const [found] = parseChallenges(`Bearer realm="https://a/t",${"x=y,".repeat(2000)}late=1`);
    expect(found?.params.get("realm")).toBe("https://a/t");
    expect(found?.params.has("late")).toBe(false);
  });

  it("takes no time for long nonsense", () => {
    const start = performance.now();
    parseChallenges(`Bearer ${'a="\\"'.repeat(20_000)}`);
    parseChallenges('"'.repeat(50_000) + "\\".repeat(50_000));
    expect(performance.now() - start).toBeLessThan(500);
  });
});
