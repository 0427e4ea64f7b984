import { describe, expect, it } from "vitest";
import { IntegrityError, RegistryError } from "../../agent/errors.ts";
import { makeImage, pushImage } from "../../initramfs/host/images.ts";
import { startRegistry } from "../../initramfs/host/registry.ts";
import { openSystem } from "../../agent/sys/system.ts";
import { openFastSystem } from "../support/fast_clock.ts";
import { type FaultRegistry, startFaultRegistry } from "../support/fault_registry.ts";
import { fetchWholeImage } from "../support/fetch_image.ts";
import { makeMemoryImage } from "../support/memory_image.ts";

const TAR = crypto.getRandomValues(new Uint8Array(50_000));
const IMAGE = makeMemoryImage({ layers: [TAR], compression: "none" });
const OTHER = makeMemoryImage({ layers: [TAR, TAR], compression: "none" });
const IMAGES = { "a/b:1": IMAGE };

/** Resolves and reads `a/b` of a registry that has these mirrors. */
function fetchThrough(
  registry: FaultRegistry,
  mirrors: readonly { readonly url: string; readonly resolvesTags?: boolean }[],
  tag = ":1",
) {
  const settings = [{
    host: registry.address,
    insecure: true,
    caCerts: [],
    mirrors: mirrors.map(({ url, resolvesTags = false }) => ({ url, resolvesTags })),
  }];
  return fetchWholeImage(openFastSystem(), `${registry.address}/a/b${tag}`, { settings });
}

function places(registry: FaultRegistry): readonly string[] {
  return registry.seen.map(({ place }) => place).filter((place) => place !== "ping");
}

describe("mirrors", () => {
  it("give what a digest proves, the registry says what a tag is", async () => {
    await using registry = startFaultRegistry({ images: IMAGES });
    await using mirror = startFaultRegistry({ images: { "a/b:1": OTHER, "a/b:x": IMAGE } });
    const { error, image } = await fetchThrough(registry, [mirror]);
    expect(error).toBeUndefined();
    expect(image?.digest).toBe(IMAGE.digest);
    expect(places(mirror)).toEqual(["config"]);
    expect(mirror.seen[0]?.path).toContain(`?ns=${encodeURIComponent(registry.address)}`);
    expect(places(registry)[0]).toBe("manifest");
  });

  it("say what a tag is when they may", async () => {
    await using registry = startFaultRegistry({ images: IMAGES });
    await using mirror = startFaultRegistry({ images: { "a/b:1": OTHER } });
    const { image } = await fetchThrough(registry, [{ url: mirror.url, resolvesTags: true }]);
    expect(image?.digest).toBe(OTHER.digest);
  });

  it("are asked first for a digest, and the registry not at all", async () => {
    await using registry = startFaultRegistry({ images: IMAGES });
    await using mirror = startFaultRegistry({ images: IMAGES });
    const { error, image } = await fetchThrough(registry, [mirror], `@${IMAGE.digest}`);
    expect(error).toBeUndefined();
    expect(image?.digest).toBe(IMAGE.digest);
    expect(places(mirror)).toEqual(["manifest", "config"]);
  });

  it.each(
    [
      { name: "fails", fault: { on: "config", kind: "status", status: 500 } },
      { name: "has it not", fault: { on: "config", kind: "status", status: 404 } },
      { name: "has something else", fault: { on: "config", kind: "corrupt" } },
      { name: "wants a login", fault: { on: "config", kind: "status", status: 401 } },
    ] as const,
  )("are passed over when one $name", async ({ fault }) => {
    await using registry = startFaultRegistry({ images: IMAGES });
    await using bad = startFaultRegistry({ images: IMAGES, faults: [fault] });
    await using good = startFaultRegistry({ images: IMAGES });
    const { error, image, lines } = await fetchThrough(registry, [bad, good]);
    expect(error).toBeUndefined();
    expect(image?.digest).toBe(IMAGE.digest);
    expect(places(good)).toEqual(["config"]);
    expect(lines.join("\n")).toContain(`mirror ${bad.address} is passed over: Cannot`);
  });

  it("that cannot be reached are not asked twice", async () => {
    await using registry = startFaultRegistry({ images: IMAGES });
    let url: string;
    {
      await using gone = startFaultRegistry({ images: {} });
      url = gone.url;
    }
    const { error, lines } = await fetchThrough(registry, [{ url }], `@${IMAGE.digest}`);
    expect(error).toBeUndefined();
    expect(lines.filter((line) => line.includes("is passed over"))).toHaveLength(1);
  });

  it("leave the last word to the registry", async () => {
    await using registry = startFaultRegistry({ images: {} });
    await using mirror = startFaultRegistry({
      images: IMAGES,
      faults: [{ on: "manifest", kind: "corrupt" }],
    });
    const { error } = await fetchThrough(registry, [mirror], `@${IMAGE.digest}`);
    expect(error).toBeInstanceOf(RegistryError);
    expect(error).not.toBeInstanceOf(IntegrityError);
    expect((error as RegistryError).status).toBe(404);
  });

  it("say what a tag is when the registry is out of reach, and a warning says so", async () => {
    await using mirror = startFaultRegistry({ images: IMAGES });
    let registry: FaultRegistry;
    {
      await using gone = startFaultRegistry({ images: {} });
      registry = gone;
    }
    const { image, lines } = await fetchThrough(registry, [mirror]);
    expect(image?.digest).toBe(IMAGE.digest);
    expect(lines.join("\n")).toContain("a mirror says what the tag 1 points to");
  });
});

describe("a pull-through docker-registry", () => {
  it("serves as mirror of another", async () => {
    const folder = await Deno.makeTempDir({ prefix: "registry-mirror-" });
    try {
      await using origin = await startRegistry();
      await using mirror = await startRegistry({ proxyRemote: origin.url });
      const layers = [{ kind: "files", files: { "etc/motd": "hello" } }] as const;
      await pushImage(await makeImage(`${folder}/layout`, { layers }), origin, "a/b:1");
      const settings = [{
        host: origin.address,
        insecure: true,
        caCerts: [],
        mirrors: [{ url: mirror.url, resolvesTags: true }],
      }];
      const { error, lines, image } = await fetchWholeImage(
        openSystem(),
        `${origin.address}/a/b:1`,
        { settings },
      );
      expect(error).toBeUndefined();
      expect(lines).toEqual([]);
      expect(image?.layers).toHaveLength(1);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
});
