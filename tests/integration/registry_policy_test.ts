import { describe, expect, it } from "vitest";
import { type HttpError, RegistryError } from "../../agent/errors.ts";
import type { Fault } from "../support/fault.ts";
import { type FaultRegistry, startFaultRegistry } from "../support/fault_registry.ts";
import { makeMemoryImage, makeMemoryIndex } from "../support/memory_image.ts";
import { openPuller } from "../support/pull_case.ts";
import { tar } from "../support/tar_builder.ts";

const OLD = makeMemoryImage({ layers: [tar({ name: "a", data: "old" })] });
const NEW = makeMemoryImage({
  layers: [tar({ name: "a", data: "old" }), tar({ name: "b", data: "new" })],
});
const INDEX = makeMemoryIndex([{
  image: OLD,
  platform: { os: "linux", architecture: "amd64" },
}]);

/** What was asked for since then. */
function since(registry: FaultRegistry, start: number): readonly string[] {
  return registry.seen.slice(start).map(({ method, place }) => `${method} ${place}`);
}

describe("pull policies, nothing stored", () => {
  it.each(["always", "newer", "missing"] as const)("%s pulls", async (policy) => {
    await using registry = startFaultRegistry({ images: { "a/b:1": OLD } });
    await using puller = await openPuller();
    const pulled = await puller.pull(`${registry.address}/a/b:1`, { policy });
    expect(pulled).toMatchObject({ digest: OLD.digest, cached: false });
  });

  it("never refuses, and asks nobody", async () => {
    await using registry = startFaultRegistry({ images: { "a/b:1": OLD } });
    await using puller = await openPuller();
    await expect(puller.pull(`${registry.address}/a/b:1`, { policy: "never" }))
      .rejects.toThrow("it is not stored, and --pull=never fetches nothing");
    expect(registry.seen).toEqual([]);
  });
});

describe("pull policies, stored and unchanged", () => {
  it.each(
    [
      { policy: "always", image: OLD, asks: ["HEAD manifest"] },
      { policy: "always", image: INDEX, asks: ["HEAD manifest"] },
      { policy: "newer", image: OLD, asks: ["HEAD manifest"] },
      { policy: "missing", image: OLD, asks: [] },
      { policy: "never", image: OLD, asks: [] },
    ] as const,
  )("$policy asks for $asks", async ({ policy, image, asks }) => {
    await using registry = startFaultRegistry({ images: { "a/b:1": image } });
    await using puller = await openPuller();
    const name = `${registry.address}/a/b:1`;
    const first = await puller.pull(name);
    const start = registry.seen.length;
    const again = await puller.pull(name, { policy });
    expect(again).toMatchObject({ digest: OLD.digest, cached: true, bytes: 0 });
    expect(again.layers).toEqual(first.layers);
    expect(since(registry, start)).toEqual(asks);
    expect(puller.lines).toEqual([]);
  });

  it("a digest is not asked for again", async () => {
    await using registry = startFaultRegistry({ images: { "a/b:1": INDEX } });
    await using puller = await openPuller();
    await puller.pull(`${registry.address}/a/b:1`);
    const start = registry.seen.length;
    const again = await puller.pull(`${registry.address}/a/b@${INDEX.digest}`);
    expect(again).toMatchObject({ digest: OLD.digest, cached: true });
    expect(since(registry, start)).toEqual([]);
  });

  it("a registry that tells no digest is asked for the manifest", async () => {
    await using registry = startFaultRegistry({
      images: { "a/b:1": OLD },
      faults: [{ on: "manifest", kind: "header", name: "docker-content-digest", value: "" }],
    });
    await using puller = await openPuller();
    await puller.pull(`${registry.address}/a/b:1`);
    const start = registry.seen.length;
    const again = await puller.pull(`${registry.address}/a/b:1`);
    expect(again).toMatchObject({ digest: OLD.digest, cached: true });
    expect(since(registry, start)).toEqual(["HEAD manifest", "GET manifest", "GET config"]);
  });
});

describe("pull policies, stored and changed since", () => {
  it.each(
    [
      { policy: "always", wanted: NEW },
      { policy: "newer", wanted: NEW },
      { policy: "missing", wanted: OLD },
      { policy: "never", wanted: OLD },
    ] as const,
  )("$policy", async ({ policy, wanted }) => {
    await using puller = await openPuller();
    await using first = startFaultRegistry({ images: { "a/b:1": OLD, "a/b:2": NEW } });
    const name = `${first.address}/a/b:1`;
    await puller.pull(name);
    first.retag("a/b:1", "a/b:2");
    const start = first.seen.length;
    const again = await puller.pull(name, { policy });
    expect(again.digest).toBe(wanted.digest);
    const layers = since(first, start).filter((ask) => ask === "GET layer");
    // The layer that both have is not fetched again.
    expect(layers).toHaveLength(wanted === NEW ? 1 : 0);
    expect((await puller.pull(name, { policy: "never" })).digest).toBe(wanted.digest);
  });

  it("a tag that goes back to what is stored fetches nothing", async () => {
    await using puller = await openPuller();
    await using registry = startFaultRegistry({
      images: { "a/b:1": OLD, "a/b:2": NEW, "a/b:3": OLD },
    });
    const name = `${registry.address}/a/b:1`;
    await puller.pull(name);
    registry.retag("a/b:1", "a/b:2");
    await puller.pull(name);
    registry.retag("a/b:1", "a/b:3");
    const start = registry.seen.length;
    expect(await puller.pull(name)).toMatchObject({ digest: OLD.digest, cached: true });
    expect(since(registry, start)).toEqual(["HEAD manifest"]);
    expect((await puller.pull(name, { policy: "never" })).digest).toBe(OLD.digest);
  });
});

describe("pull policies, stored and the registry in trouble", () => {
  /** Pulls, then again after the registry has got this fault (undefined: it is gone). */
  async function pullAgain(policy: "always" | "newer", fault: Fault | undefined) {
    await using puller = await openPuller();
    const registry = startFaultRegistry({ images: { "a/b:1": OLD } });
    const name = `${registry.address}/a/b:1`;
    try {
      await puller.pull(name);
      if (fault) registry.add(fault);
      else await registry[Symbol.asyncDispose]();
      const error = await puller.pull(name, { policy }).catch((error) => error);
      return { error, lines: puller.lines };
    } finally {
      if (fault) await registry[Symbol.asyncDispose]();
    }
  }

  it.each(
    [
      { policy: "always", name: "out of reach", fault: undefined },
      {
        policy: "always",
        name: "broken",
        fault: { on: "manifest", kind: "status", status: 503 },
      },
      { policy: "newer", name: "out of reach", fault: undefined },
      {
        policy: "newer",
        name: "without the tag",
        fault: { on: "manifest", kind: "status", status: 404 },
      },
    ] as const,
  )("$policy takes what is stored when it is $name", async ({ policy, fault }) => {
    const { error, lines } = await pullAgain(policy, fault);
    expect(error).toMatchObject({ digest: OLD.digest, cached: true });
    expect(lines.at(-1)).toContain("is taken as it is stored");
  });

  it.each([404, 403, 400])("always does not when it says %s", async (status) => {
    const { error } = await pullAgain("always", { on: "manifest", kind: "status", status });
    expect(error).toBeInstanceOf(RegistryError);
    expect((error as HttpError).status).toBe(status);
  });
});
