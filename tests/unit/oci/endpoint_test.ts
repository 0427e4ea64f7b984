import { describe, expect, it } from "vitest";
import { planEndpoints } from "../../../agent/oci/endpoint.ts";
import type { RegistrySettings } from "../../../agent/oci/registry_settings.ts";

function settings(host: string, more: Partial<RegistrySettings> = {}): RegistrySettings {
  return { host, insecure: false, mirrors: [], caCerts: [], ...more };
}

function mirror(url: string, resolvesTags = false) {
  return { url, resolvesTags };
}

describe("planEndpoints", () => {
  it("asks the registry itself, over https", () => {
    expect(planEndpoints("h.example:5000", [], true)).toEqual([{
      host: "h.example:5000",
      baseUrls: ["https://h.example:5000"],
      insecure: false,
      caCerts: [],
      resolvesTags: true,
      mirrorOf: undefined,
    }]);
  });

  it("knows where docker.io is", () => {
    expect(planEndpoints("docker.io", [], true)[0]).toMatchObject({
      host: "docker.io",
      baseUrls: ["https://registry-1.docker.io"],
    });
  });

  it.each([
    { name: "--tls-verify=false", list: [], tlsVerify: false },
    { name: "insecure", list: [settings("h.example", { insecure: true })], tlsVerify: true },
    { name: "insecure for all", list: [settings("*", { insecure: true })], tlsVerify: true },
  ])("tries http after https with $name", ({ list, tlsVerify }) => {
    expect(planEndpoints("h.example", list, tlsVerify)[0]).toMatchObject({
      baseUrls: ["https://h.example", "http://h.example"],
      insecure: true,
    });
  });

  it("asks for http first where a port is named, as it can have but one of them", () => {
    expect(planEndpoints("h.example:5000", [], false)[0]).toMatchObject({
      baseUrls: ["http://h.example:5000", "https://h.example:5000"],
    });
  });

  it("keeps another registry's laxness to itself", () => {
    const list = [settings("other.example", { insecure: true, caCerts: ["x"] })];
    expect(planEndpoints("h.example", list, true)[0]).toMatchObject({
      insecure: false,
      caCerts: [],
    });
  });

  it("asks mirrors in order, the registry's own before those for all, itself last", () => {
    const list = [
      settings("*", { mirrors: [mirror("https://all.example/prefix/")], caCerts: ["all"] }),
      settings("h.example", {
        mirrors: [mirror("http://one.example:8082", true), mirror("https://two.example")],
        caCerts: ["own"],
      }),
      settings("two.example", { insecure: true, caCerts: ["two"] }),
    ];
    expect(planEndpoints("h.example", list, true)).toEqual([
      {
        host: "one.example:8082",
        baseUrls: ["http://one.example:8082"],
        insecure: true,
        caCerts: ["all"],
        resolvesTags: true,
        mirrorOf: "h.example",
      },
      {
        host: "two.example",
        baseUrls: ["https://two.example"],
        insecure: true,
        caCerts: ["two", "all"],
        resolvesTags: false,
        mirrorOf: "h.example",
      },
      {
        host: "all.example",
        baseUrls: ["https://all.example/prefix"],
        insecure: false,
        caCerts: ["all"],
        resolvesTags: false,
        mirrorOf: "h.example",
      },
      {
        host: "h.example",
        baseUrls: ["https://h.example"],
        insecure: false,
        caCerts: ["own", "all"],
        resolvesTags: true,
        mirrorOf: undefined,
      },
    ]);
  });

  it("takes any name for a host", () => {
    expect(planEndpoints("constructor", [], true)[0]?.baseUrls).toEqual(["https://constructor"]);
  });

  it("does not mirror a mirror by itself", () => {
    const list = [settings("*", { mirrors: [mirror("http://10.0.2.2:5000")] })];
    const hosts = planEndpoints("10.0.2.2:5000", list, true).map(({ host }) => host);
    expect(hosts).toEqual(["10.0.2.2:5000"]);
  });
});
