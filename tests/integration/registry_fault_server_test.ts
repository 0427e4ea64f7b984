import { describe, expect, it } from "vitest";
import type { Fault } from "../support/fault.ts";
import { type FaultRegistryOptions, startFaultRegistry } from "../support/fault_registry.ts";
import { makeMemoryImage } from "../support/memory_image.ts";

const TAR = crypto.getRandomValues(new Uint8Array(60_000));
const IMAGE = makeMemoryImage({ layers: [TAR], compression: "none" });
const LAYER = `/v2/a/b/blobs/${IMAGE.layerDigests[0]}`;

function start(options: Omit<FaultRegistryOptions, "images"> = {}) {
  return startFaultRegistry({ images: { "a/b:1": IMAGE }, ...options });
}

/** One request on a connection of its own. */
async function ask(url: string, init: RequestInit = {}) {
  using client = Deno.createHttpClient({});
  const response = await fetch(url, { ...init, client, redirect: "manual" });
  const { status, headers } = response;
  const body = await response.bytes().catch((error: Error) => error);
  return { status, headers, body };
}

describe("startFaultRegistry", () => {
  it("serves what it was given", async () => {
    await using registry = start();
    expect((await ask(`${registry.url}/v2/`)).status).toBe(200);
    const manifest = await ask(`${registry.url}/v2/a/b/manifests/1`);
    expect(manifest.headers.get("docker-content-digest")).toBe(IMAGE.digest);
    expect(manifest.headers.get("content-type")).toBe("application/vnd.oci.image.manifest.v1+json");
    expect(manifest.body).toEqual(IMAGE.manifests.get(IMAGE.digest)?.bytes);
    expect((await ask(`${registry.url}/v2/a/b/manifests/${IMAGE.digest}`)).status).toBe(200);
    expect((await ask(`${registry.url}/v2/a/b/manifests/2`)).status).toBe(404);
    expect((await ask(`${registry.url}${LAYER}`)).body).toEqual(TAR);
    expect((await ask(`${registry.url}/v2/a/b/blobs/sha256:${"0".repeat(64)}`)).status).toBe(404);
    expect(registry.seen.map(({ place }) => place).slice(0, 2)).toEqual(["ping", "manifest"]);
  });

  it("serves ranges", async () => {
    await using registry = start();
    const range = (value: string) => ask(`${registry.url}${LAYER}`, { headers: { range: value } });
    const { status, headers, body } = await range("bytes=100-");
    expect(status).toBe(206);
    expect(headers.get("content-range")).toBe("bytes 100-59999/60000");
    expect(body).toEqual(TAR.subarray(100));
    expect((await range("bytes=60000-")).status).toBe(416);
  });

  it("asks for Basic", async () => {
    await using registry = start({ auth: { kind: "basic", user: "u", password: "p" } });
    const { status, headers } = await ask(`${registry.url}/v2/`);
    expect([status, headers.get("www-authenticate")]).toEqual([401, 'Basic realm="registry"']);
    const authorization = `Basic ${btoa("u:p")}`;
    expect((await ask(`${registry.url}/v2/`, { headers: { authorization } })).status).toBe(200);
  });

  it("gives tokens for one scope each", async () => {
    await using registry = start({ auth: { kind: "bearer", user: "u", password: "p" } });
    const scope = "repository:a/b:pull";
    const { headers } = await ask(`${registry.url}${LAYER}`);
    expect(headers.get("www-authenticate")).toContain(`scope="${scope}"`);
    const give = async (scope: string, basic: string) => {
      const authorization = `Basic ${btoa(basic)}`;
      const url = `${registry.url}/token?scope=${scope}`;
      const { status, body } = await ask(url, { headers: { authorization } });
      return status === 200
        ? JSON.parse(new TextDecoder().decode(body as Uint8Array)).token
        : status;
    };
    const use = async (token: string) => {
      const authorization = `Bearer ${token}`;
      return (await ask(`${registry.url}${LAYER}`, { headers: { authorization } })).status;
    };
    const token = await give(scope, "u:p");
    expect(await use(token)).toBe(200);
    expect(await use(await give("repository:other:pull", "u:p"))).toBe(401);
    expect(await give(scope, "u:wrong")).toBe(401);
    registry.revokeTokens();
    expect(await use(token)).toBe(401);
  });
});

describe("faults", () => {
  const on = "layer" as const;

  async function faulty(fault: Fault, init?: RequestInit) {
    await using registry = start({ faults: [fault] });
    return await ask(`${registry.url}${LAYER}`, init);
  }

  it("happen as often as they should, where they should", async () => {
    await using registry = start({ faults: [{ on, kind: "status", status: 503, times: 2 }] });
    const statuses = [];
    for (let count = 0; count < 4; count++) {
      statuses.push((await ask(`${registry.url}${LAYER}`)).status);
    }
    expect(statuses).toEqual([503, 503, 200, 200]);
    expect((await ask(`${registry.url}/v2/`)).status).toBe(200);
  });

  it("can be for HEAD alone", async () => {
    await using registry = start({
      faults: [{ on: "manifest", method: "HEAD", kind: "status", status: 500 }],
    });
    const url = `${registry.url}/v2/a/b/manifests/1`;
    expect((await ask(url, { method: "HEAD" })).status).toBe(500);
    expect((await ask(url)).status).toBe(200);
  });

  it("cut", async () => {
    const { status, body } = await faulty({ on, kind: "cut", after: 10_000 });
    expect(status).toBe(200);
    expect(body).toBeInstanceOf(Error);
  });

  it("stall, and end with the server", async () => {
    const registry = start({ faults: [{ on, kind: "stall", after: 10_000 }] });
    using client = Deno.createHttpClient({});
    const response = await fetch(`${registry.url}${LAYER}`, { client });
    const reader = response.body!.getReader();
    let size = 0;
    while (size < 10_000) size += (await reader.read()).value?.length ?? 0;
    const next = reader.read().catch((error) => error);
    await registry[Symbol.asyncDispose]();
    expect(size).toBe(10_000);
    expect(await next).toBeInstanceOf(Error);
  });

  it("trickle", async () => {
    const start = performance.now();
    const { body } = await faulty({ on, kind: "trickle", bytes: 20_000, intervalMs: 20 });
    expect(body).toEqual(TAR);
    expect(performance.now() - start).toBeGreaterThan(35);
  });

  it("corrupt one byte", async () => {
    const { body } = await faulty({ on, kind: "corrupt" });
    const differing = (body as Uint8Array).filter((byte, index) => byte !== TAR[index]);
    expect(differing).toHaveLength(1);
  });

  it.each([1, -1])("resize by %s", async (by) => {
    const { body, headers } = await faulty({ on, kind: "resize", by });
    expect(body).toHaveLength(TAR.length + by);
    expect(headers.get("content-length")).toBe(String(TAR.length + by));
  });

  it("leave the length out", async () => {
    const { body, headers } = await faulty({ on, kind: "noLength" });
    expect(body).toEqual(TAR);
    expect(headers.get("content-length")).toBeNull();
  });

  it("know no ranges, or wrong ones", async () => {
    const headers = { range: "bytes=100-" };
    expect((await faulty({ on, kind: "noRange" }, { headers })).status).toBe(200);
    const wrong = await faulty({ on, kind: "wrongRange", by: 7 }, { headers });
    expect(wrong.headers.get("content-range")).toBe("bytes 107-59999/60000");
  });

  it("change headers", async () => {
    const name = "content-type";
    const set = await faulty({ on, kind: "header", name, value: "text/x" });
    expect(set.headers.get(name)).toBe("text/x");
    expect((await faulty({ on, kind: "header", name, value: "" })).headers.get(name)).toBeNull();
  });

  it("redirect", async () => {
    const to = "http://elsewhere.example/{digest}";
    const { status, headers } = await faulty({ on, kind: "redirect", to });
    expect(status).toBe(307);
    expect(headers.get("location")).toBe(`http://elsewhere.example/${IMAGE.layerDigests[0]}`);
  });

  it("answer with another body, or a status", async () => {
    const body = new Uint8Array([1, 2, 3]);
    expect((await faulty({ on, kind: "body", body })).body).toEqual(body);
    const busy = await faulty({
      ...{ on, kind: "status", status: 429 },
      ...{ retryAfter: "5", body: "busy", challenge: "X" },
    });
    expect(busy.headers.get("retry-after")).toBe("5");
    expect(busy.headers.get("www-authenticate")).toBe("X");
    expect(new TextDecoder().decode(busy.body as Uint8Array)).toBe("busy");
  });
});
