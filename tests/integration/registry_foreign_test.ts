import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RegistryError } from "../../agent/errors.ts";
import { makeCertificates } from "../../initramfs/host/certificates.ts";
import { asked } from "../support/fault_case.ts";
import { type FaultRegistry, startFaultRegistry } from "../support/fault_registry.ts";
import { makeMemoryImage, type MemoryImage } from "../support/memory_image.ts";
import { openPuller } from "../support/pull_case.ts";
import { tar } from "../support/tar_builder.ts";

const TAR = tar({ name: "a", data: "foreign" });
const FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

let folder: string;
let ca: string;
let elsewhere: FaultRegistry;

/** An image whose one layer may lie at these URLs; `{digest}` stands for its digest. */
function foreignImage(urls: readonly string[], mediaType = FOREIGN): MemoryImage {
  return makeMemoryImage({
    layers: [TAR],
    changeManifest: (manifest) => {
      const [layer] = manifest.layers as Record<string, unknown>[];
      const digest = String(layer?.digest);
      Object.assign(layer!, {
        mediaType,
        urls: urls.map((url) => url.replaceAll("{digest}", digest)),
      });
    },
  });
}

beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "registry-foreign-" });
  const { cert, key, ca: file } = await makeCertificates(folder);
  const tls = { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) };
  ca = await Deno.readTextFile(file);
  elsewhere = startFaultRegistry({ images: { "x:1": makeMemoryImage({ layers: [TAR] }) }, tls });
});
afterAll(async () => {
  await elsewhere[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

async function pull(image: MemoryImage, hasLayer: boolean) {
  const blobs = new Map(image.blobs);
  if (!hasLayer) blobs.delete(image.layerDigests[0]!);
  await using registry = startFaultRegistry({
    images: { "a/b:1": { ...image, blobs } },
    auth: { kind: "basic", user: "me", password: "hunter2" },
  });
  await using puller = await openPuller({
    caCerts: [ca],
    findCredential: () => ({ kind: "password", user: "me", password: "hunter2" }),
  });
  const start = elsewhere.seen.length;
  const result = await puller.pull(`${registry.address}/a/b:1`).catch((error) => error);
  return { result, asks: asked(registry), seen: elsewhere.seen.slice(start), lines: puller.lines };
}

describe("a foreign layer", () => {
  it("comes from the registry when that has it", async () => {
    const { result, seen } = await pull(foreignImage([`${elsewhere.url}/store/{digest}`]), true);
    expect(result.layers).toHaveLength(1);
    expect(seen).toEqual([]);
  });

  it("comes from its URLs otherwise, and they learn no login", async () => {
    const urls = [`${elsewhere.url}/nowhere`, `${elsewhere.url}/store/{digest}`];
    const { result, asks, seen } = await pull(foreignImage(urls), false);
    expect(result.layers).toHaveLength(1);
    expect(asks).toContain("GET layer");
    expect(seen.map(({ path }) => path.split("/")[1])).toEqual(["nowhere", "store"]);
    expect(seen.some(({ headers }) => "authorization" in headers)).toBe(false);
  });

  it("does not come over http, and the registry's error is what is told", async () => {
    const plain = elsewhere.url.replace("https:", "http:");
    const { result, lines } = await pull(foreignImage([`${plain}/store/{digest}`]), false);
    expect(result).toBeInstanceOf(RegistryError);
    expect((result as RegistryError).status).toBe(404);
    expect(lines.join("\n")).toContain("is not https");
  });

  it("is the only kind that may lie elsewhere", async () => {
    const type = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    const image = foreignImage([`${elsewhere.url}/store/{digest}`], type);
    const { result, seen } = await pull(image, false);
    expect(result).toBeInstanceOf(RegistryError);
    expect(seen).toEqual([]);
  });
});
