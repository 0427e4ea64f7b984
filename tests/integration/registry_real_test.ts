import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describe as describeError, RegistryError } from "../../agent/errors.ts";
import { PATIENT } from "../../agent/http/retry.ts";
import { openRegistries } from "../../agent/oci/registries.ts";
import { openSystem } from "../../agent/sys/system.ts";
import { makeCertificates } from "../../initramfs/host/certificates.ts";
import {
  type ImageLayout,
  makeImage,
  pushImage,
  recompressImage,
} from "../../initramfs/host/images.ts";
import { startRegistry } from "../../initramfs/host/registry.ts";
import { fetchWholeImage, registryReference } from "../support/fetch_image.ts";
import { sha256 } from "../support/memory_image.ts";

const sys = openSystem();
const AUTH = { user: "me", password: "hunter2:ü" };
const LOGIN = { kind: "password", ...AUTH } as const;

let folder: string;
let image: ImageLayout;

beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "registry-real-" });
  image = await makeImage(`${folder}/layout`, {
    layers: [
      { kind: "files", files: { "etc/motd": "hello", "bin/x": { content: "#!", mode: 0o755 } } },
      { kind: "files", files: { "big": { content: new Uint8Array(3 << 20) } } },
      { kind: "whiteout", path: "/etc/motd" },
    ],
    entrypoint: ["/bin/x"],
    env: ["A=b"],
    labels: { l: "m" },
  });
});
afterAll(async () => await Deno.remove(folder, { recursive: true }));

describe("docker-registry", () => {
  it("without a login, over http", async () => {
    await using registry = await startRegistry();
    await pushImage(image, registry, "some/where/x:v1");
    const { error, image: found, layers } = await fetchWholeImage(
      sys,
      `${registry.address}/some/where/x:v1`,
    );
    expect(error).toBeUndefined();
    expect(found?.config.config).toMatchObject({
      Entrypoint: ["/bin/x"],
      Env: ["A=b"],
      Labels: { l: "m" },
    });
    expect(layers.map(sha256)).toEqual(found?.layers.map(({ digest }) => digest));
  });

  it("with zstd layers", async () => {
    await using registry = await startRegistry();
    const zstd = await recompressImage(image, `${folder}/zstd`, "zstd");
    await pushImage(zstd, registry, "x:v1");
    const { error, image: found } = await fetchWholeImage(sys, `${registry.address}/x:v1`);
    expect(error).toBeUndefined();
    const types = new Set(found?.layers.map(({ mediaType }) => mediaType));
    expect([...types]).toEqual(["application/vnd.oci.image.layer.v1.tar+zstd"]);
  });

  it("with a login and a certificate of an authority of one's own", async () => {
    const certificates = await makeCertificates(`${folder}/certificates`);
    await using registry = await startRegistry({ auth: AUTH, tls: certificates });
    await pushImage(image, registry, "x:v1", { auth: AUTH, ca: certificates.ca });
    const caCerts = [await Deno.readTextFile(certificates.ca)];
    const name = `${registry.address}/x:v1`;
    const strict = { tlsVerify: true, caCerts };
    const { error } = await fetchWholeImage(sys, name, { ...strict, credential: LOGIN });
    expect(error).toBeUndefined();

    const anonymous = await fetchWholeImage(sys, name, strict);
    expect(anonymous.error).toBeInstanceOf(RegistryError);
    expect(describeError(anonymous.error)).toContain(`b2c.login=${registry.address},USER,PASSWORD`);

    const wrong = { ...LOGIN, password: "other" };
    const refused = await fetchWholeImage(sys, name, { ...strict, credential: wrong });
    expect((refused.error as RegistryError).status).toBe(401);
    expect(describeError(refused.error)).not.toContain("other");

    const lax = await fetchWholeImage(sys, name, { tlsVerify: false, credential: LOGIN });
    expect(lax.error).toBeUndefined();
    expect(lax.layers.map(sha256)).toEqual(lax.image?.layers.map(({ digest }) => digest));
  });

  it("says what a tag points to without sending it", async () => {
    await using registry = await startRegistry();
    await pushImage(image, registry, "x:v1");
    const reference = registryReference(`${registry.address}/x:v1`);
    const { image: found } = await fetchWholeImage(sys, `${registry.address}/x:v1`);
    await using registries = openRegistries(sys);
    const [itself] = registries.open(reference, false);
    expect(await itself?.fetchDigest("v1", PATIENT)).toBe(found?.digest);
    expect(await itself?.fetchDigest("v2", PATIENT)).toBeUndefined();
  });

  it("names the tags that are there", async () => {
    await using registry = await startRegistry();
    await pushImage(image, registry, "x:v1");
    await pushImage(image, registry, "x:v2");
    const { error } = await fetchWholeImage(sys, `${registry.address}/x:v3`);
    expect((error as RegistryError).codes).toEqual(["MANIFEST_UNKNOWN"]);
    expect((error as RegistryError).hint).toBe("tags there: v1, v2");
    const unknown = await fetchWholeImage(sys, `${registry.address}/nope:v3`);
    expect((unknown.error as RegistryError).status).toBe(404);
  });
});
