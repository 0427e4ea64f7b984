import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HttpError, RegistryError } from "../../agent/errors.ts";
import type { Fault } from "../support/fault.ts";
import { IMAGE, LOCKED, LOGIN, runFaults } from "../support/fault_case.ts";
import { type FaultRegistry, startFaultRegistry } from "../support/fault_registry.ts";

describe("redirects", () => {
  let elsewhere: FaultRegistry;
  beforeAll(() => {
    elsewhere = startFaultRegistry({ images: { "a/b:1": IMAGE } });
  });
  afterAll(async () => await elsewhere[Symbol.asyncDispose]());

  const locked = { auth: LOCKED, options: { credential: LOGIN } };

  it("to another host carry no login", async () => {
    const to = `${elsewhere.url}/store/{digest}?signature=secret`;
    const { result } = await runFaults({
      ...locked,
      faults: [{ on: "layer", kind: "redirect", to }],
    });
    expect(result.error).toBeUndefined();
    const seen = elsewhere.seen.at(-1);
    expect(seen?.path).toBe(`/store/${IMAGE.layerDigests[0]}?signature=secret`);
    expect(Object.keys(seen?.headers ?? {})).not.toContain("authorization");
  });

  it("to another host are asked for anew after a cut", async () => {
    const to = `${elsewhere.url}/store/{digest}`;
    elsewhere.add({ on: "store", kind: "cut", after: 1_000_000, times: 1 });
    const { result, asks } = await runFaults({
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
    const { result } = await runFaults({
      ...locked,
      faults: [{ on: "layer", kind: "redirect", to }],
    });
    expect(result.error).toBeInstanceOf(RegistryError);
    expect(elsewhere.seen.length).toBe(before + 1);
  });

  it("within the host may be relative", async () => {
    const faults: Fault[] = [{ on: "layer", kind: "redirect", to: "../../../../store/{digest}" }];
    const { result, asks } = await runFaults({ ...locked, faults });
    expect(result.error).toBeUndefined();
    expect(asks.at(-1)).toBe("GET store");
  });

  it.each([
    { name: "in a circle", to: "./{digest}", says: "more than 10 redirects" },
    { name: "to a file", to: "file:///etc/shadow", says: "redirects to file:" },
    { name: "to nowhere", to: "", says: "without saying where" },
  ])("$name are refused", async ({ to, says }) => {
    const { result } = await runFaults({ faults: [{ on: "layer", kind: "redirect", to }] });
    expect(result.error).toBeInstanceOf(HttpError);
    expect((result.error as Error).message).toContain(says);
  });

  it("of a token request do not hand an identity on", async () => {
    const before = elsewhere.seen.length;
    const { result } = await runFaults({
      auth: { kind: "bearer", identity: "opaque" },
      options: { credential: { kind: "identity", token: "opaque" } },
      faults: [{ on: "token", kind: "redirect", to: `${elsewhere.url}/token` }],
    });
    expect((result.error as Error).message).toContain("posted to another host");
    expect(elsewhere.seen.length).toBe(before);
  });
});
