import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  AgentError,
  describe as describeError,
  HttpError,
  IntegrityError,
  RegistryError,
  TimeoutError,
} from "../../agent/errors.ts";
import { openFastSystem } from "../support/fast_clock.ts";
import type { Fault } from "../support/fault.ts";
import {
  type FaultRegistry,
  type FaultRegistryOptions,
  startFaultRegistry,
} from "../support/fault_registry.ts";
import { type FetchOptions, fetchWholeImage } from "../support/fetch_image.ts";
import { makeMemoryImage, type MemoryImage, OCI_INDEX, toJson } from "../support/memory_image.ts";

const MIB = 1 << 20;

/** A layer's bytes: what they are does not matter here, only that they are the same ones. */
function noise(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

// One layer, so that a fault for a layer is for this one.
const TAR = noise(3 * MIB);
const IMAGE = makeMemoryImage({ layers: [TAR], compression: "none" });

interface Case {
  readonly name: string;
  readonly faults?: readonly Fault[];
  readonly image?: MemoryImage;
  readonly auth?: FaultRegistryOptions["auth"];
  readonly options?: FetchOptions;
  /** undefined: everything comes through. */
  readonly error?: abstract new (...args: never[]) => Error;
  /** Parts of what is shown for the error. */
  readonly says?: readonly string[];
  /** What is asked for after the ping, `METHOD place`; a range is added to it. */
  readonly asks?: readonly string[];
}

async function run(
  { faults = [], image = IMAGE, auth, options = {} }: Omit<Case, "name">,
): Promise<{ result: Awaited<ReturnType<typeof fetchWholeImage>>; asks: readonly string[] }> {
  await using registry = startFaultRegistry({
    images: { "a/b:1": image, "a/b:2": image },
    faults,
    ...(auth ? { auth } : {}),
  });
  // Waits take a 50th: the stall limit of 30 s is over after 0.6 s.
  const result = await fetchWholeImage(openFastSystem(50), `${registry.address}/a/b:1`, options);
  return { result, asks: asked(registry) };
}

function asked(registry: FaultRegistry): readonly string[] {
  return registry.seen
    .map(({ method, place, headers }) => [method, place, headers.range].filter(Boolean).join(" "))
    .slice(1);
}

const PLAIN = ["GET manifest", "GET config", "GET layer"];
const ANON = { kind: "bearer" } as const;
const LOGIN = { kind: "password", user: "me", password: "hunter2" } as const;
const LOCKED = { kind: "bearer", user: "me", password: "hunter2" } as const;

const CASES: readonly Case[] = [
  { name: "nothing is wrong", asks: PLAIN },
  // Authentication
  {
    name: "a token for everyone",
    auth: ANON,
    asks: ["GET manifest", "GET token", "GET manifest", "GET config", "GET layer"],
  },
  { name: "a token called access_token", auth: { ...ANON, field: "access_token" } },
  { name: "a token for a login", auth: LOCKED, options: { credential: LOGIN } },
  {
    name: "a token for an identity",
    auth: { kind: "bearer", identity: "opaque" },
    options: { credential: { kind: "identity", token: "opaque" } },
    asks: ["GET manifest", "POST token", "GET manifest", "GET config", "GET layer"],
  },
  {
    name: "several challenges",
    auth: {
      ...LOCKED,
      challenge: 'Negotiate, Basic realm="x", Bearer service="s,t", realm="{origin}/token", ' +
        'scope="{scope}"',
    },
    options: { credential: LOGIN },
  },
  {
    name: "Basic",
    auth: { kind: "basic", user: "me", password: "hunter2" },
    options: { credential: LOGIN },
    asks: ["GET manifest", "GET manifest", "GET config", "GET layer"],
  },
  {
    name: "Basic, and no login",
    auth: { kind: "basic", user: "me", password: "hunter2" },
    error: RegistryError,
    says: ["refuses access", "b2c.login=127.0.0.1:"],
    asks: ["GET manifest"],
  },
  {
    name: "Basic, and a wrong password",
    auth: { kind: "basic", user: "me", password: "other" },
    options: { credential: LOGIN },
    error: RegistryError,
    says: ["refuses access", "b2c.login"],
    asks: ["GET manifest", "GET manifest"],
  },
  {
    name: "a token server that knows us not",
    auth: LOCKED,
    error: RegistryError,
    says: ["Cannot get token", "b2c.login"],
    asks: ["GET manifest", "GET token"],
  },
  {
    name: "a registry that is never content",
    auth: ANON,
    faults: [{ on: "manifest", kind: "status", status: 401, challenge: 'Bearer realm="{x}"' }],
    error: RegistryError,
    says: ["no URL"],
  },
  {
    name: "a 401 after every token",
    auth: { ...ANON, challenge: 'Bearer realm="{origin}/token",scope="something else"' },
    error: RegistryError,
    says: ["refuses access", "UNAUTHORIZED"],
    asks: ["GET manifest", "GET token", "GET manifest"],
  },
  {
    name: "a token server that is busy for a while",
    auth: ANON,
    faults: [{ on: "token", kind: "status", status: 503, times: 2 }],
  },
  {
    name: "a token of 2 MiB",
    auth: ANON,
    faults: [{ on: "token", kind: "body", body: noise(2 * MIB) }],
    error: AgentError,
    says: ["token from 127.0.0.1", "larger than 1048576 bytes"],
  },
  // Answers that may pass
  ...[408, 429, 500, 502, 503, 504].map((status): Case => ({
    name: `status ${status}, four times`,
    faults: [{ on: "manifest", kind: "status", status, times: 4 }],
  })),
  {
    name: "status 503, for ever",
    faults: [{ on: "manifest", kind: "status", status: 503 }],
    error: RegistryError,
    says: ["answered with status 503"],
    asks: Array.from({ length: 5 }, () => "GET manifest"),
  },
  {
    name: "Retry-After in seconds",
    faults: [{ on: "layer", kind: "status", status: 429, retryAfter: "20", times: 1 }],
    asks: [...PLAIN, "GET layer"],
  },
  ...[400, 403, 410, 501].map((status): Case => ({
    name: `status ${status}`,
    faults: [{ on: "layer", kind: "status", status }],
    error: RegistryError,
    says: [`status ${status}`],
    asks: PLAIN,
  })),
  // Bodies
  {
    name: "a layer that is cut twice",
    faults: [{ on: "layer", kind: "cut", after: 1_000_000, times: 2 }],
    asks: [...PLAIN, "GET layer bytes=1000000-", "GET layer bytes=2000000-"],
  },
  {
    name: "a layer that is cut, of a registry that knows no ranges",
    faults: [
      { on: "layer", kind: "cut", after: 1_000_000, times: 1 },
      { on: "layer", kind: "noRange" },
    ],
    asks: [...PLAIN, "GET layer bytes=1000000-"],
  },
  {
    name: "a layer that is cut, and goes on somewhere else",
    faults: [
      { on: "layer", kind: "cut", after: 1_000_000, times: 1 },
      { on: "layer", kind: "wrongRange", by: 5 },
    ],
    error: IntegrityError,
    says: ["layer sha256:", "bytes 1000000-"],
  },
  {
    name: "a layer that lies about where it goes on",
    faults: [
      { on: "layer", kind: "cut", after: 1_000_000, times: 1 },
      { on: "layer", kind: "header", name: "content-range", value: "bytes 1000000-3145727/*" },
      { on: "layer", kind: "noLength" },
      { on: "layer", kind: "resize", by: -5 },
    ],
    error: IntegrityError,
    says: ["wanted bytes 3145723-3145727/3145728, got bytes 1000000-3145727/*"],
  },
  {
    name: "a layer that is cut at the same place for ever",
    faults: [{ on: "layer", kind: "cut", after: 100_000 }, { on: "layer", kind: "noRange" }],
    error: HttpError,
    says: ["broke the connection"],
    asks: [...PLAIN, ...Array.from({ length: 4 }, () => "GET layer bytes=100000-")],
  },
  {
    name: "a layer that comes bit by bit, in many cuts",
    faults: [{ on: "layer", kind: "cut", after: 1_100_000, times: 40 }],
  },
  {
    name: "a layer that stalls",
    faults: [{ on: "layer", kind: "stall", after: 500_000, times: 1 }],
    asks: [...PLAIN, "GET layer bytes=500000-"],
  },
  {
    name: "a layer that always stalls",
    faults: [{ on: "layer", kind: "stall", after: 0 }],
    error: TimeoutError,
    says: ["the next byte of layer sha256:", "30 s are over"],
  },
  {
    name: "a layer in small pieces",
    faults: [{ on: "layer", kind: "trickle", bytes: 65_536, intervalMs: 1 }],
    asks: PLAIN,
  },
  {
    name: "bodies without a length",
    faults: (["manifest", "config", "layer"] as const).map((on) => ({ on, kind: "noLength" })),
    asks: PLAIN,
  },
  ...([["layer", 1], ["layer", -1], ["config", 1], ["config", -1]] as const).flatMap(([on, by]) =>
    [true, false].map((told): Case => ({
      name: `a ${on} of ${by} byte more, ${told ? "told before" : "not told before"}`,
      faults: [{ on, kind: "resize", by }, ...(told ? [] : [{ on, kind: "noLength" } as const])],
      // A body that ends early might have been cut: only tries tell.
      error: on === "layer" && by < 0 && !told ? HttpError : IntegrityError,
      says: [on, on === "layer" && by < 0 && !told ? "ended early" : "bytes"],
    }))
  ),
  {
    name: "a layer with one wrong bit",
    faults: [{ on: "layer", kind: "corrupt" }],
    error: IntegrityError,
    says: [`wanted ${IMAGE.layerDigests[0]}`],
    asks: PLAIN,
  },
  {
    name: "a config with one wrong bit",
    faults: [{ on: "config", kind: "corrupt" }],
    error: IntegrityError,
    says: [`wanted ${IMAGE.configDigests[0]}`],
  },
  {
    name: "a manifest that is not what its tag points to",
    faults: [{ on: "manifest", kind: "corrupt" }],
    error: IntegrityError,
    says: [`wanted ${IMAGE.digest}`],
  },
  {
    name: "a registry that does not tell what its tag points to",
    faults: [{ on: "manifest", kind: "header", name: "docker-content-digest", value: "" }],
  },
  {
    name: "a manifest sent as index",
    faults: [{ on: "manifest", kind: "header", name: "content-type", value: OCI_INDEX }],
    error: AgentError,
    says: [`sent as ${OCI_INDEX}`],
  },
  {
    name: "a manifest with parameters in its type",
    faults: [{
      on: "manifest",
      kind: "header",
      name: "content-type",
      value: "application/vnd.oci.image.manifest.v1+json;charset=utf-8",
    }],
  },
  {
    name: "a manifest of 5 MiB",
    faults: [{ on: "manifest", kind: "body", body: noise(5 * MIB) }],
    error: AgentError,
    says: ["manifest of", "larger than 4194304 bytes"],
  },
  {
    name: "a manifest of schema 1",
    faults: [
      { on: "manifest", kind: "body", body: toJson({ schemaVersion: 1, fsLayers: [] }) },
      { on: "manifest", kind: "header", name: "docker-content-digest", value: "" },
    ],
    error: AgentError,
    says: ["schema 1", "push the image again"],
  },
  {
    name: "an error text of 1 MiB",
    faults: [{ on: "manifest", kind: "status", status: 400, body: "x".repeat(MIB) }],
    error: RegistryError,
    says: ["status 400"],
  },
  {
    name: "no config type of an image",
    image: makeMemoryImage({
      layers: [TAR],
      changeManifest: (manifest) => {
        manifest.config = { ...Object(manifest.config), mediaType: "application/vnd.x" };
      },
    }),
    error: AgentError,
    says: ["no container image but application/vnd.x"],
  },
  {
    name: "more layers than diffIDs",
    image: makeMemoryImage({
      layers: [TAR, TAR],
      changeConfig: (config) => Object(config.rootfs).diff_ids.pop(),
    }),
    error: IntegrityError,
    says: ["wanted 2 diffIDs, got 1"],
  },
  {
    name: "an image for another system",
    image: makeMemoryImage({
      layers: [TAR],
      platform: { os: "windows", architecture: "amd64" },
    }),
    error: AgentError,
    says: ["it is for windows/amd64"],
  },
  {
    name: "a config of 5 MiB",
    image: makeMemoryImage({ layers: [], config: { User: "x".repeat(5 * MIB) } }),
    error: AgentError,
    says: ["config of", "larger than 4194304 bytes"],
  },
];

describe("what a registry may do wrong", () => {
  it.each(CASES)("$name", async (row) => {
    const { result, asks } = await run(row);
    if (!row.error) {
      expect(result.error).toBeUndefined();
      expect(result.layers.map((layer) => layer.length)).toEqual([TAR.length]);
    } else {
      expect(result.error).toBeInstanceOf(row.error);
    }
    const shown = describeError(result.error);
    for (const part of row.says ?? []) expect(shown).toContain(part);
    expect(shown).not.toContain("hunter2");
    if (row.asks) expect(asks).toEqual(row.asks);
  });
});

describe("redirects", () => {
  let elsewhere: FaultRegistry;
  beforeAll(() => {
    elsewhere = startFaultRegistry({ images: { "a/b:1": IMAGE } });
  });
  afterAll(async () => await elsewhere[Symbol.asyncDispose]());

  const locked = { auth: LOCKED, options: { credential: LOGIN } };

  it("to another host carry no login", async () => {
    const to = `${elsewhere.url}/store/{digest}?signature=secret`;
    const { result } = await run({ ...locked, faults: [{ on: "layer", kind: "redirect", to }] });
    expect(result.error).toBeUndefined();
    const seen = elsewhere.seen.at(-1);
    expect(seen?.path).toBe(`/store/${IMAGE.layerDigests[0]}?signature=secret`);
    expect(Object.keys(seen?.headers ?? {})).not.toContain("authorization");
  });

  it("to another host are asked for anew after a cut", async () => {
    const to = `${elsewhere.url}/store/{digest}`;
    elsewhere.add({ on: "store", kind: "cut", after: 1_000_000, times: 1 });
    const { result, asks } = await run({
      ...locked,
      faults: [{ on: "layer", kind: "redirect", to }],
    });
    expect(result.error).toBeUndefined();
    expect(asks.slice(-2)).toEqual(["GET layer", "GET layer bytes=1000000-"]);
    expect(elsewhere.seen.at(-1)?.headers.range).toBe("bytes=1000000-");
  });

  it("to another host do not show it what it asks for", async () => {
    const before = elsewhere.seen.length;
    elsewhere.add({ on: "store", kind: "status", status: 401, challenge: "Basic", times: 1 });
    const to = `${elsewhere.url}/store/{digest}`;
    const { result } = await run({ ...locked, faults: [{ on: "layer", kind: "redirect", to }] });
    expect(result.error).toBeInstanceOf(RegistryError);
    expect(elsewhere.seen.length).toBe(before + 1);
  });

  it("within the host may be relative", async () => {
    const faults: Fault[] = [{ on: "layer", kind: "redirect", to: "../../../../store/{digest}" }];
    const { result, asks } = await run({ ...locked, faults });
    expect(result.error).toBeUndefined();
    expect(asks.at(-1)).toBe("GET store");
  });

  it.each([
    { name: "in a circle", to: "./{digest}", says: "more than 10 redirects" },
    { name: "to a file", to: "file:///etc/shadow", says: "redirects to file:" },
    { name: "to nowhere", to: "", says: "without saying where" },
  ])("$name are refused", async ({ to, says }) => {
    const { result } = await run({ faults: [{ on: "layer", kind: "redirect", to }] });
    expect(result.error).toBeInstanceOf(HttpError);
    expect((result.error as Error).message).toContain(says);
  });

  it("of a token request do not hand an identity on", async () => {
    const before = elsewhere.seen.length;
    const { result } = await run({
      auth: { kind: "bearer", identity: "opaque" },
      options: { credential: { kind: "identity", token: "opaque" } },
      faults: [{ on: "token", kind: "redirect", to: `${elsewhere.url}/token` }],
    });
    expect((result.error as Error).message).toContain("posted to another host");
    expect(elsewhere.seen.length).toBe(before);
  });
});

describe("realms", () => {
  it("on another host get no login without TLS", async () => {
    await using elsewhere = startFaultRegistry({ images: {}, auth: LOCKED });
    const challenge = `Bearer realm="${elsewhere.url.replace("127.0.0.1", "localhost")}/token"`;
    const { result } = await run({
      auth: { ...LOCKED, challenge },
      options: { credential: LOGIN },
    });
    expect((result.error as Error).message).toContain("another host without TLS");
    expect(elsewhere.seen).toEqual([]);
  });
});

describe("tokens", () => {
  it("are asked for again when the registry has forgotten them", async () => {
    await using registry = startFaultRegistry({
      images: { "a/b:1": IMAGE },
      auth: ANON,
      // Between manifest and layer the token loses its worth.
      faults: [{ on: "config", kind: "trickle", bytes: 1000, intervalMs: 1 }],
    });
    registry.add({
      on: "layer",
      kind: "status",
      status: 401,
      times: 1,
      challenge: challengeOf(registry),
    });
    const result = await fetchWholeImage(openFastSystem(), `${registry.address}/a/b:1`);
    expect(result.error).toBeUndefined();
    expect(asked(registry).slice(-3)).toEqual(["GET layer", "GET token", "GET layer"]);
  });

  it("are asked for again before they expire", async () => {
    await using registry = startFaultRegistry({
      images: { "a/b:1": IMAGE },
      auth: { ...ANON, expiresIn: 60 },
      faults: [{ on: "config", kind: "trickle", bytes: 30, intervalMs: 130 }],
    });
    // More than a minute goes by while the config comes.
    const result = await fetchWholeImage(openFastSystem(100), `${registry.address}/a/b:1`);
    expect(result.error).toBeUndefined();
    expect(asked(registry).filter((ask) => ask === "GET token")).toHaveLength(2);
    const layers = registry.seen.filter(({ place }) => place === "layer");
    expect(layers.map(({ headers }) => "authorization" in headers)).toEqual([false, true]);
  });
});

function challengeOf(registry: FaultRegistry): string {
  return `Bearer realm="${registry.url}/token",scope="repository:a/b:pull"`;
}

describe("what is told besides", () => {
  it("warnings are shown once", async () => {
    const { result } = await run({
      faults: (["manifest", "config", "layer"] as const).map((on) => ({
        on,
        kind: "header",
        name: "warning",
        value: '299 - "moves to example.org"',
      })),
    });
    expect(result.lines.filter((line) => line.includes("moves to example.org"))).toHaveLength(1);
  });

  it("a tag that is not there names those that are", async () => {
    await using registry = startFaultRegistry({
      images: { "a/b:1": IMAGE, "a/b:2": IMAGE, "other:3": IMAGE },
      auth: ANON,
    });
    const { error } = await fetchWholeImage(openFastSystem(), `${registry.address}/a/b:nope`);
    expect(error).toBeInstanceOf(RegistryError);
    expect((error as RegistryError).codes).toEqual(["MANIFEST_UNKNOWN"]);
    expect(describeError(error)).toContain(`Cannot get ${registry.address}/a/b:nope`);
    expect((error as RegistryError).hint).toBe("tags there: 1, 2");
  });

  it("a tag that is not there is an error also when tags are not told", async () => {
    await using registry = startFaultRegistry({
      images: { "a/b:1": IMAGE },
      faults: [{ on: "tags", kind: "status", status: 403 }],
    });
    const { error } = await fetchWholeImage(openFastSystem(), `${registry.address}/a/b:nope`);
    expect((error as RegistryError).status).toBe(404);
    expect((error as RegistryError).hint).toBeUndefined();
  });
});
