import { describe, expect, it } from "vitest";
import { makeCertificates } from "../../initramfs/host/certificates.ts";
import { makeImage, pushImage, recompressImage } from "../../initramfs/host/images.ts";
import { startRegistry } from "../../initramfs/host/registry.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "host-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

describe("a registry for tests", () => {
  it("listens when it has started, and is gone when it was disposed", async () => {
    const registry = await startRegistry();
    expect((await fetch(`${registry.url}/v2/`)).status).toBe(200);
    await registry[Symbol.asyncDispose]();
    await expect(fetch(`${registry.url}/v2/`)).rejects.toThrow();
  });

  it("says why it could not start", async () => {
    await using first = await startRegistry();
    await expect(startRegistry({ port: first.port })).rejects.toThrow("address already in use");
  });

  it("asks for a password, over TLS", () =>
    withFolder(async (folder) => {
      const { ca, cert, key } = await makeCertificates(`${folder}/certificates`);
      const auth = { user: "bob", password: "pass word" };
      await using registry = await startRegistry({ auth, tls: { cert, key } });
      using client = Deno.createHttpClient({ caCerts: [await Deno.readTextFile(ca)] });
      const ask = async (headers: Record<string, string>) => {
        const response = await fetch(`${registry.url}/v2/`, { client, headers });
        await response.body?.cancel();
        return response.status;
      };
      expect(await ask({})).toBe(401);
      expect(await ask({ authorization: `Basic ${btoa("bob:pass word")}` })).toBe(200);
      expect(await ask({ authorization: `Basic ${btoa("bob:wrong")}` })).toBe(401);

      const image = await makeImage(`${folder}/image`, {
        layers: [{ kind: "files", files: { a: "x" } }],
      });
      await pushImage(image, registry, "a/b:c", { auth, ca });
    }));

  it("mirrors another", () =>
    withFolder(async (folder) => {
      await using origin = await startRegistry();
      const image = await makeImage(`${folder}/image`, {
        layers: [{ kind: "files", files: { a: "x" } }],
      });
      await pushImage(image, origin, "a/b:c");
      await using mirror = await startRegistry({ proxyRemote: origin.url });
      const url = `${mirror.url}/v2/a/b/manifests/c`;
      expect((await fetch(url, { headers: { accept: MANIFEST } })).status).toBe(200);
    }));
});

describe("images for tests", () => {
  it("have the layers and settings asked for", () =>
    withFolder(async (folder) => {
      await using registry = await startRegistry();
      const image = await makeImage(`${folder}/image`, {
        layers: [
          {
            kind: "files",
            files: { "a/b": "x", "a/c": { target: "b" }, d: { folderMode: 0o1777 } },
          },
          { kind: "whiteout", path: "/a/b" },
        ],
        cmd: ["sh", "-c", "a, b"],
        env: ["A=1,2"],
        user: "1:2",
      });
      await pushImage(image, registry, "gzip:latest");
      const zstd = await recompressImage(image, `${folder}/zstd`, "zstd");
      await pushImage(zstd, registry, "zstd:latest");
      for (const name of ["gzip", "zstd"]) {
        const url = `${registry.url}/v2/${name}`;
        const answer = await fetch(`${url}/manifests/latest`, { headers: { accept: MANIFEST } });
        const manifest = await answer.json();
        expect(manifest.layers.map((layer: { mediaType: string }) => layer.mediaType)).toEqual(
          Array(2).fill(`application/vnd.oci.image.layer.v1.tar+${name}`),
        );
        const config = await (await fetch(`${url}/blobs/${manifest.config.digest}`)).json();
        expect(config.config).toEqual({ User: "1:2", Env: ["A=1,2"], Cmd: ["sh", "-c", "a, b"] });
      }
    }));
});
