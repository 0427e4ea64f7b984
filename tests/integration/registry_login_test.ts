import { describe, expect, it } from "vitest";
import { AgentError, RegistryError } from "../../agent/errors.ts";
import { openFastSystem } from "../support/fast_clock.ts";
import {
  ANON,
  asked,
  checkFaultCase,
  type FaultCase,
  IMAGE,
  LOCKED,
  LOGIN,
  MIB,
  noise,
  PLAIN,
  runFaults,
} from "../support/fault_case.ts";
import { type FaultRegistry, startFaultRegistry } from "../support/fault_registry.ts";
import { fetchWholeImage } from "../support/fetch_image.ts";

const LOGINS: readonly FaultCase[] = [
  { name: "nothing is wrong", asks: PLAIN },
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
];

describe("a registry that wants to know who asks", () => {
  it.each(LOGINS)("$name", checkFaultCase);
});

describe("realms", () => {
  it("on another host get no login without TLS", async () => {
    await using elsewhere = startFaultRegistry({ images: {}, auth: LOCKED });
    const challenge = `Bearer realm="${elsewhere.url.replace("127.0.0.1", "localhost")}/token"`;
    const { result } = await runFaults({
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
