import { describe, expect, it } from "vitest";
import { AgentError } from "../../../agent/errors.ts";
import { parseManifest } from "../../../agent/oci/manifest.ts";

const OCI = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
const DIGEST = `sha256:${"a".repeat(64)}`;

const CONFIG = {
  mediaType: "application/vnd.oci.image.config.v1+json",
  digest: DIGEST,
  size: 10,
};
const LAYER = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: DIGEST, size: 5 };
const IMAGE = { schemaVersion: 2, mediaType: OCI, config: CONFIG, layers: [LAYER] };
const INDEX = {
  schemaVersion: 2,
  mediaType: OCI_INDEX,
  manifests: [{ mediaType: OCI, digest: DIGEST, size: 7 }],
};

function parse(value: unknown, contentType: string | null = null) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return parseManifest("manifest of x", new TextEncoder().encode(text), contentType);
}

function without<T extends object>(object: T, key: keyof T): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

describe("parseManifest", () => {
  it.each([
    { name: "as told by both", value: IMAGE, type: OCI },
    { name: "with parameters", value: IMAGE, type: `${OCI.toUpperCase()}; charset=utf-8` },
    { name: "as a generic type", value: IMAGE, type: "application/json" },
    { name: "without a type", value: IMAGE, type: null },
    { name: "told by the header alone", value: without(IMAGE, "mediaType"), type: OCI },
    { name: "told by nothing but its form", value: without(IMAGE, "mediaType"), type: null },
    { name: "of Docker", value: { ...IMAGE, mediaType: DOCKER }, type: DOCKER },
  ])("takes an image $name", ({ value, type }) => {
    expect(parse(value, type)).toEqual({ kind: "manifest", config: CONFIG, layers: [LAYER] });
  });

  it.each([
    { name: "as told by both", value: INDEX, type: OCI_INDEX },
    { name: "told by nothing but its form", value: without(INDEX, "mediaType"), type: null },
    { name: "of Docker", value: { ...INDEX, mediaType: DOCKER_LIST }, type: DOCKER_LIST },
  ])("takes an index $name", ({ value, type }) => {
    expect(parse(value, type)).toEqual({
      kind: "index",
      entries: [{ descriptor: INDEX.manifests[0], platform: undefined }],
    });
  });

  it("keeps what descriptors say besides", () => {
    const layer = {
      ...LAYER,
      mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
      urls: ["https://x.example/l"],
      annotations: { a: "b" },
    };
    expect(parse({ ...IMAGE, layers: [layer] })).toMatchObject({ layers: [layer] });
    const platform = { os: "linux", architecture: "arm", variant: "v7", "os.version": "1" };
    const manifests = [{ ...INDEX.manifests[0], platform }, {
      ...INDEX.manifests[0],
      platform: {},
    }];
    expect(parse({ ...INDEX, manifests })).toMatchObject({
      entries: [
        { platform: { os: "linux", architecture: "arm", variant: "v7" } },
        { platform: { os: "", architecture: "" } },
      ],
    });
  });

  it("takes an image without layers, and null for what is empty", () => {
    expect(parse({ ...IMAGE, layers: [] })).toMatchObject({ layers: [] });
    expect(parse({ ...IMAGE, layers: null, annotations: null })).toMatchObject({ layers: [] });
    expect(parse({ ...INDEX, manifests: null })).toMatchObject({ entries: [] });
  });

  it.each([
    { name: "no JSON", value: "<html>", type: OCI, reason: "not JSON" },
    { name: "a list", value: "[]", type: OCI, reason: "not a JSON object" },
    { name: "null", value: "null", type: OCI, reason: "not a JSON object" },
    { name: "deep nonsense", value: "[".repeat(1e6), type: OCI, reason: "not JSON" },
    { name: "schema 1", value: { schemaVersion: 1, fsLayers: [] }, type: null, reason: "schema 1" },
    {
      name: "schema 1 by its type",
      value: { schemaVersion: 2 },
      type: "application/vnd.docker.distribution.manifest.v1+prettyjws",
      reason: "schema 1",
    },
    { name: "schema 3", value: { ...IMAGE, schemaVersion: 3 }, type: OCI, reason: "not 2" },
    { name: "no schema", value: without(IMAGE, "schemaVersion"), type: OCI, reason: "not 2" },
    { name: "an image sent as index", value: IMAGE, type: OCI_INDEX, reason: "it says it is" },
    { name: "OCI sent as Docker", value: IMAGE, type: DOCKER, reason: "it says it is" },
    {
      name: "the form of an image sent as index",
      value: without(IMAGE, "mediaType"),
      type: OCI_INDEX,
      reason: "has the form of manifest",
    },
    {
      name: "an index that calls itself an image",
      value: { ...INDEX, mediaType: OCI },
      type: null,
      reason: "has the form of index",
    },
    {
      name: "both at once",
      value: { ...IMAGE, manifests: INDEX.manifests },
      type: OCI,
      reason: "at once",
    },
    {
      name: "something else",
      value: { ...IMAGE, mediaType: "application/vnd.x" },
      type: null,
      reason: "neither an image nor an index",
    },
    { name: "a wrong mediaType", value: { ...IMAGE, mediaType: 5 }, type: OCI, reason: "not text" },
    { name: "no config", value: without(IMAGE, "config"), type: OCI, reason: "missing" },
    {
      name: "a chart",
      value: {
        ...IMAGE,
        config: { ...CONFIG, mediaType: "application/vnd.cncf.helm.config.v1+json" },
      },
      type: OCI,
      reason: "no container image but application/vnd.cncf.helm.config.v1+json",
    },
    {
      name: "an unknown layer",
      value: {
        ...IMAGE,
        layers: [{ ...LAYER, mediaType: "application/vnd.oci.image.layer.v1.tar+gzip+encrypted" }],
      },
      type: OCI,
      reason: "layer 1 of manifest of x: application/vnd.oci.image.layer.v1.tar+gzip+encrypted is",
    },
    {
      name: "a layer list that is none",
      value: { ...IMAGE, layers: {} },
      type: OCI,
      reason: "not a list",
    },
    {
      name: "too many layers",
      value: { ...IMAGE, layers: Array.from({ length: 501 }, () => LAYER) },
      type: OCI,
      reason: "501 layers",
    },
    { name: "a layer that is text", value: { ...IMAGE, layers: ["x"] }, type: OCI, reason: "miss" },
    ...[-1, 1.5, 1e300, "5", null, undefined].map((size) => ({
      name: `a layer of ${size} bytes`,
      value: { ...IMAGE, layers: [{ ...LAYER, size }] },
      type: OCI,
      reason: "is no size",
    })),
    ...["sha256:00", "sha512:00", "../../x", undefined].map((digest) => ({
      name: `digest ${digest}`,
      value: { ...IMAGE, layers: [{ ...LAYER, digest }] },
      type: OCI,
      reason: "is no sha256 digest",
    })),
    {
      name: "urls that are none",
      value: { ...IMAGE, layers: [{ ...LAYER, urls: [5] }] },
      type: OCI,
      reason: "urls is not a list of texts",
    },
    {
      name: "a platform that is none",
      value: { ...INDEX, manifests: [{ ...INDEX.manifests[0], platform: "linux" }] },
      type: OCI_INDEX,
      reason: "platform is not an object",
    },
  ])("refuses $name", ({ value, type, reason }) => {
    let error: unknown;
    try {
      parse(value, type);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(AgentError);
    expect((error as AgentError).message).toContain(reason);
  });

  const long = `${"a.\n".repeat(1_000_000)}`;
  const deep = `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`;
  it.each([
    { name: "mediaType", value: JSON.stringify({ ...IMAGE, mediaType: long }), type: OCI },
    { name: "type of a layer", value: { ...IMAGE, layers: [{ ...LAYER, mediaType: long }] } },
    { name: "type of a config", value: { ...IMAGE, config: { ...CONFIG, mediaType: long } } },
    { name: "digest", value: { ...IMAGE, config: { ...CONFIG, digest: long } } },
    { name: "size", value: { ...IMAGE, config: { ...CONFIG, size: long } } },
    {
      name: "nested size",
      value: JSON.stringify(IMAGE).replace('"size":10', `"size":${deep}`),
    },
  ])("quotes little of a long $name", ({ value, type = null }: {
    readonly value: unknown;
    readonly type?: string | null;
  }) => {
    let message = "";
    try {
      parse(value, type);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^Cannot use /);
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(500);
  });

  it("says what to do about schema 1", () => {
    try {
      parse({ schemaVersion: 1 });
    } catch (error) {
      expect((error as AgentError).hint).toContain("push the image again");
    }
  });
});
