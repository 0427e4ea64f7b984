import { describe, expect, it } from "vitest";
import { AgentError, describe as describeError, IntegrityError } from "../../agent/errors.ts";
import { parsePlatform } from "../../agent/oci/platform.ts";
import { openFastSystem } from "../support/fast_clock.ts";
import { startFaultRegistry } from "../support/fault_registry.ts";
import { fetchWholeImage } from "../support/fetch_image.ts";
import { makeMemoryImage, makeMemoryIndex, type MemoryImage } from "../support/memory_image.ts";

function imageFor(architecture: string): MemoryImage {
  const layers = [new TextEncoder().encode(architecture)];
  return makeMemoryImage({ layers, platform: { os: "linux", architecture } });
}

const AMD64 = imageFor("amd64");
const ARM = imageFor("arm");
const ARM64 = imageFor("arm64");
const INDEX = makeMemoryIndex([
  { image: ARM64, platform: { os: "linux", architecture: "arm64" } },
  { image: AMD64, platform: { os: "linux", architecture: "amd64" } },
  { image: ARM, platform: { os: "linux", architecture: "arm", variant: "v6" } },
  {
    image: imageFor("unknown"),
    platform: { os: "unknown", architecture: "unknown" },
    annotations: { "vnd.docker.reference.type": "attestation-manifest" },
  },
]);

async function fetch(image: MemoryImage, platform = "linux/amd64/v3", by = ":1") {
  await using registry = startFaultRegistry({ images: { "a/b:1": image } });
  return await fetchWholeImage(openFastSystem(), `${registry.address}/a/b${by}`, {
    platform: parsePlatform(platform),
  });
}

describe("an index", () => {
  it.each([
    { platform: "linux/amd64/v3", image: AMD64 },
    { platform: "linux/arm64", image: ARM64 },
    { platform: "linux/arm/v7", image: ARM },
  ])("gives the image for $platform", async ({ platform, image }) => {
    const { image: found, error, lines } = await fetch(INDEX, platform);
    expect(error).toBeUndefined();
    expect(found?.digest).toBe(image.digest);
    expect(found?.namedDigest).toBe(INDEX.digest);
    expect(lines).toEqual([]);
  });

  it("may be named by its digest, and so may an image of it", async () => {
    const named = await fetch(INDEX, "linux/amd64", `@${INDEX.digest}`);
    expect(named.image?.digest).toBe(AMD64.digest);
    const direct = await fetch(INDEX, "linux/arm64", `@${ARM64.digest}`);
    expect(direct.image?.digest).toBe(ARM64.digest);
  });

  it("lists what there is when the wanted one is not", async () => {
    const { error } = await fetch(INDEX, "linux/riscv64");
    expect(describeError(error)).toContain("it is not there for linux/riscv64");
    expect(describeError(error)).toContain("linux/arm64, linux/amd64, linux/arm/v6");
  });

  it("may hold indexes, which may hold none", async () => {
    const platform = { os: "linux", architecture: "amd64" };
    const two = makeMemoryIndex([{ image: INDEX }]);
    const nested = await fetch(two, "linux/arm64");
    expect(nested.error).toBeUndefined();
    expect(nested.image?.digest).toBe(ARM64.digest);
    const three = makeMemoryIndex([{ image: two, platform }]);
    const { error } = await fetch(three, "linux/amd64");
    expect(error).toBeInstanceOf(AgentError);
    expect((error as Error).message).toContain("nested more than 2 deep");
  });

  it("that lies about what it holds is found out", async () => {
    const swapped = new Map(INDEX.manifests);
    swapped.set(AMD64.digest, ARM64.manifests.get(ARM64.digest)!);
    const { error } = await fetch({ ...INDEX, manifests: swapped });
    expect(error).toBeInstanceOf(IntegrityError);
  });
});

describe("an image for another architecture", () => {
  it("is taken with a warning when there is no choice", async () => {
    const { error, lines, image } = await fetch(ARM64, "linux/amd64");
    expect(error).toBeUndefined();
    expect(image?.digest).toBe(ARM64.digest);
    expect(lines.join()).toContain("is for linux/arm64, not for linux/amd64");
  });
});
