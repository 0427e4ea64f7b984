import { describe, expect, it } from "vitest";
import { AgentError, IntegrityError, RegistryError } from "../../agent/errors.ts";
import { makeImage, pushImage } from "../../initramfs/host/images.ts";
import { startRegistry } from "../../initramfs/host/registry.ts";
import { asked, noise } from "../support/fault_case.ts";
import { startFaultRegistry } from "../support/fault_registry.ts";
import { makeMemoryImage, makeMemoryIndex } from "../support/memory_image.ts";
import { openPuller } from "../support/pull_case.ts";
import { tar } from "../support/tar_builder.ts";

const ONE = tar({ name: "one", data: "1" }, { name: "etc/", mode: 0o755 });
const TWO = tar({ name: "two", data: "2" });
const BIG = tar({ name: "big", data: noise(2 << 20) });
const IMAGE = makeMemoryImage({ layers: [ONE, TWO], config: { Cmd: ["x"] } });

describe("pullImage", () => {
  it.each(["none", "gzip", "zstd"] as const)("unpacks %s layers in order", async (compression) => {
    const image = makeMemoryImage({ layers: [ONE, TWO], compression, docker: true });
    await using registry = startFaultRegistry({ images: { "a/b:1": image } });
    await using puller = await openPuller();
    const pulled = await puller.pull(`${registry.address}/a/b:1`);
    expect(pulled).toMatchObject({
      reference: `${registry.address}/a/b:1`,
      digest: image.digest,
      cached: false,
      config: { os: "linux", architecture: "amd64", diffIds: image.diffIds },
    });
    expect(pulled.layers.map((layer) => layer.replace(puller.folder, ""))).toEqual(
      image.diffIds.map((diffId) => `/layers/${diffId.slice("sha256:".length)}`),
    );
    expect(await Deno.readTextFile(`${pulled.layers[0]}/one`)).toBe("1");
    expect(await Deno.readTextFile(`${pulled.layers[1]}/two`)).toBe("2");
    const sent = [...image.blobs.values(), image.manifests.get(image.digest)!.bytes];
    expect(pulled.bytes).toBe(sent.reduce((sum, { length }) => sum + length, 0));
    expect(puller.lines).toEqual([]);
    expect(await puller.unfinished()).toEqual([]);
  });

  it("pulls from docker-registry what umoci and skopeo put there", async () => {
    await using registry = await startRegistry();
    await using puller = await openPuller();
    const layout = await makeImage(`${puller.folder}/layout`, {
      layers: [
        { kind: "files", files: { "bin/tool": { content: "#!", mode: 0o4755 }, "etc/a": "a" } },
        { kind: "whiteout", path: "/etc/a" },
      ],
      entrypoint: ["/bin/tool"],
      user: "1000",
    });
    await pushImage(layout, registry, "deep/er/x:v1");
    const pulled = await puller.pull(`docker://${registry.address}/deep/er/x:v1`);
    expect(pulled.config.config).toMatchObject({ Entrypoint: ["/bin/tool"], User: "1000" });
    expect((await Deno.stat(`${pulled.layers[0]}/bin/tool`)).mode! & 0o7777).toBe(0o4755);
    const whiteout = await Deno.lstat(`${pulled.layers[1]}/etc/a`);
    expect([whiteout.isCharDevice, whiteout.rdev]).toEqual([true, 0]);
    const again = await puller.pull(`docker://${registry.address}/deep/er/x:v1`);
    expect(again).toMatchObject({ cached: true, bytes: 0, digest: pulled.digest });
  });

  it("tells how far it is", async () => {
    const image = makeMemoryImage({ layers: [BIG, ONE], compression: "none" });
    await using registry = startFaultRegistry({ images: { "a/b:1": image } });
    await using puller = await openPuller();
    const seen: (readonly [number, number])[] = [];
    await puller.pull(`${registry.address}/a/b:1`, {}, {
      onProgress: ({ done, total }) => seen.push([done, total]),
    });
    const total = BIG.length + ONE.length;
    expect(seen.at(-1)).toEqual([total, total]);
    expect(seen.every(([done], index) => done >= (seen[index - 1]?.[0] ?? 0))).toBe(true);
  });

  it("keeps nothing of a layer that is not what was promised", async () => {
    await using registry = startFaultRegistry({
      images: { "a/b:1": IMAGE },
      faults: [{ on: "layer", kind: "corrupt" }],
    });
    await using puller = await openPuller();
    await expect(puller.pull(`${registry.address}/a/b:1`)).rejects.toThrow(Error);
    expect(await puller.layers()).toEqual([]);
    expect(await puller.unfinished()).toEqual([]);
    const stored = puller.pull(`${registry.address}/a/b:1`, { policy: "never" });
    await expect(stored).rejects.toThrow("it is not stored");
  });

  it("keeps nothing of a layer whose diffID is another", async () => {
    const image = makeMemoryImage({
      layers: [ONE],
      changeConfig: (config) => {
        Object(config.rootfs).diff_ids = [`sha256:${"0".repeat(64)}`];
      },
    });
    await using registry = startFaultRegistry({ images: { "a/b:1": image } });
    await using puller = await openPuller();
    const pull = puller.pull(`${registry.address}/a/b:1`);
    await expect(pull).rejects.toThrow(IntegrityError);
    expect(await puller.layers()).toEqual([]);
  });

  it("goes on after a cut in the middle of unpacking", async () => {
    const image = makeMemoryImage({ layers: [BIG] });
    await using registry = startFaultRegistry({
      images: { "a/b:1": image },
      faults: [{ on: "layer", kind: "cut", after: 700_000, times: 2 }],
    });
    await using puller = await openPuller();
    const pulled = await puller.pull(`${registry.address}/a/b:1`);
    expect((await Deno.stat(`${pulled.layers[0]}/big`)).size).toBe(2 << 20);
    expect(asked(registry).filter((ask) => ask.includes("bytes="))).toHaveLength(2);
  });

  it("stops when it is told to, at once", async () => {
    await using registry = startFaultRegistry({
      images: { "a/b:1": IMAGE },
      faults: [{ on: "layer", kind: "stall", after: 10 }],
    });
    await using puller = await openPuller();
    const stop = new AbortController();
    const pull = puller.pull(`${registry.address}/a/b:1`, {}, { signal: stop.signal });
    const start = performance.now();
    setTimeout(() => stop.abort(new AgentError("Cannot go on: enough")), 100);
    await expect(pull).rejects.toThrow("enough");
    expect(performance.now() - start).toBeLessThan(1000);
    expect(await puller.unfinished()).toEqual([]);
  });

  it.each(["oci:/x", "oci-archive:/x.tar", "docker-archive:/x.tar"])(
    "says that %s is not there yet",
    async (reference) => {
      await using puller = await openPuller();
      await expect(puller.pull(reference)).rejects.toThrow("not implemented yet");
    },
  );
});

describe("layers that are shared", () => {
  it("are fetched once within an image", async () => {
    const image = makeMemoryImage({ layers: [ONE, TWO, ONE] });
    await using registry = startFaultRegistry({ images: { "a/b:1": image } });
    await using puller = await openPuller();
    const { layers } = await puller.pull(`${registry.address}/a/b:1`);
    expect(layers[2]).toBe(layers[0]);
    expect(asked(registry).filter((ask) => ask === "GET layer")).toHaveLength(2);
  });

  it("are fetched once by pulls that run at the same time", async () => {
    const other = makeMemoryImage({ layers: [BIG, ONE] });
    const image = makeMemoryImage({ layers: [BIG, TWO] });
    await using registry = startFaultRegistry({ images: { "a/b:1": image, "c/d:1": other } });
    await using puller = await openPuller();
    const [first, second] = await Promise.all([
      puller.pull(`${registry.address}/a/b:1`),
      puller.pull(`${registry.address}/c/d:1`),
    ]);
    expect(second.layers[0]).toBe(first.layers[0]);
    expect(asked(registry).filter((ask) => ask === "GET layer")).toHaveLength(3);
  });

  it("come also when the pull that fetched them fails", async () => {
    // The first image's second layer is missing; its first one, slow, is the other's as well.
    const missing = makeMemoryImage({ layers: [BIG, TWO] });
    const blobs = new Map(missing.blobs);
    blobs.delete(missing.layerDigests[1]!);
    const shared = makeMemoryImage({ layers: [BIG] });
    await using registry = startFaultRegistry({
      images: { "c/d:1": shared, "a/b:1": { ...missing, blobs } },
      faults: [{ on: "layer", kind: "trickle", bytes: 32_768, intervalMs: 5 }],
    });
    await using puller = await openPuller();
    const failing = puller.pull(`${registry.address}/a/b:1`);
    const good = puller.pull(`${registry.address}/c/d:1`);
    await expect(failing).rejects.toThrow(RegistryError);
    expect((await good).layers).toHaveLength(1);
  });
});

describe("platforms", () => {
  const arm64 = makeMemoryImage({
    layers: [TWO],
    platform: { os: "linux", architecture: "arm64" },
  });
  const index = makeMemoryIndex([
    { image: IMAGE, platform: { os: "linux", architecture: "amd64" } },
    { image: arm64, platform: { os: "linux", architecture: "arm64" } },
  ]);

  it("of one name do not stand in for each other", async () => {
    await using registry = startFaultRegistry({ images: { "a/b:1": index } });
    await using puller = await openPuller();
    const name = `${registry.address}/a/b:1`;
    const first = await puller.pull(name, { platform: "linux/arm64" });
    expect(first.digest).toBe(arm64.digest);
    const second = await puller.pull(name, { policy: "missing" });
    expect(second).toMatchObject({ digest: IMAGE.digest, cached: false });
    expect(await puller.pull(name, { policy: "missing" })).toMatchObject({ cached: true });
  });

  it("are this machine's by default", async () => {
    await using registry = startFaultRegistry({ images: { "a/b:1": index } });
    await using puller = await openPuller();
    const { config } = await puller.pull(`${registry.address}/a/b:1`, { platform: undefined });
    expect(config.architecture).toBe(Deno.build.arch === "aarch64" ? "arm64" : "amd64");
  });
});
