import { describe, expect, it } from "vitest";
import {
  AgentError,
  describe as describeError,
  IntegrityError,
  RegistryError,
} from "../../agent/errors.ts";
import { openFastSystem } from "../support/fast_clock.ts";
import {
  ANON,
  checkFaultCase,
  type FaultCase,
  IMAGE,
  MIB,
  noise,
  runFaults,
  TAR,
} from "../support/fault_case.ts";
import { startFaultRegistry } from "../support/fault_registry.ts";
import { fetchWholeImage } from "../support/fetch_image.ts";
import { makeMemoryImage, OCI_INDEX, toJson } from "../support/memory_image.ts";

const ANSWERS: readonly FaultCase[] = [
  {
    name: "a config with one wrong bit",
    faults: [{ on: "config", kind: "corrupt" }],
    error: IntegrityError,
    says: [`wanted ${IMAGE.configDigests[0]}`],
  },
  {
    name: "a manifest that is not what its tag points to",
    faults: [{ on: "manifest", kind: "corrupt" }],
    error: IntegrityError,
    says: [`wanted ${IMAGE.digest}`],
  },
  {
    name: "a registry that does not tell what its tag points to",
    faults: [{ on: "manifest", kind: "header", name: "docker-content-digest", value: "" }],
  },
  {
    name: "a manifest sent as index",
    faults: [{ on: "manifest", kind: "header", name: "content-type", value: OCI_INDEX }],
    error: AgentError,
    says: [`sent as ${OCI_INDEX}`],
  },
  {
    name: "a manifest with parameters in its type",
    faults: [{
      on: "manifest",
      kind: "header",
      name: "content-type",
      value: "application/vnd.oci.image.manifest.v1+json;charset=utf-8",
    }],
  },
  {
    name: "a manifest of 5 MiB",
    faults: [{ on: "manifest", kind: "body", body: noise(5 * MIB) }],
    error: AgentError,
    says: ["manifest of", "larger than 4194304 bytes"],
  },
  {
    name: "a manifest of schema 1",
    faults: [
      { on: "manifest", kind: "body", body: toJson({ schemaVersion: 1, fsLayers: [] }) },
      { on: "manifest", kind: "header", name: "docker-content-digest", value: "" },
    ],
    error: AgentError,
    says: ["schema 1", "push the image again"],
  },
  {
    name: "an error text of 1 MiB",
    faults: [{ on: "manifest", kind: "status", status: 400, body: "x".repeat(MIB) }],
    error: RegistryError,
    says: ["status 400"],
  },
  {
    name: "no config type of an image",
    image: makeMemoryImage({
      layers: [TAR],
      changeManifest: (manifest) => {
        manifest.config = { ...Object(manifest.config), mediaType: "application/vnd.x" };
      },
    }),
    error: AgentError,
    says: ["no container image but application/vnd.x"],
  },
  {
    name: "more layers than diffIDs",
    image: makeMemoryImage({
      layers: [TAR, TAR],
      changeConfig: (config) => Object(config.rootfs).diff_ids.pop(),
    }),
    error: IntegrityError,
    says: ["wanted 2 diffIDs, got 1"],
  },
  {
    name: "an image for another system",
    image: makeMemoryImage({
      layers: [TAR],
      platform: { os: "windows", architecture: "amd64" },
    }),
    error: AgentError,
    says: ["it is for windows/amd64"],
  },
  {
    name: "a config of 5 MiB",
    image: makeMemoryImage({ layers: [], config: { User: "x".repeat(5 * MIB) } }),
    error: AgentError,
    says: ["config of", "larger than 4194304 bytes"],
  },
];

describe("an answer", () => {
  it.each(ANSWERS)("$name", checkFaultCase);
});

describe("what is told besides", () => {
  it("warnings are shown once", async () => {
    const { result } = await runFaults({
      faults: (["manifest", "config", "layer"] as const).map((on) => ({
        on,
        kind: "header",
        name: "warning",
        value: '299 - "moves to example.org"',
      })),
    });
    expect(result.lines.filter((line) => line.includes("moves to example.org"))).toHaveLength(1);
  });

  it("a tag that is not there names those that are", async () => {
    await using registry = startFaultRegistry({
      images: { "a/b:1": IMAGE, "a/b:2": IMAGE, "other:3": IMAGE },
      auth: ANON,
    });
    const { error } = await fetchWholeImage(openFastSystem(), `${registry.address}/a/b:nope`);
    expect(error).toBeInstanceOf(RegistryError);
    expect((error as RegistryError).codes).toEqual(["MANIFEST_UNKNOWN"]);
    expect(describeError(error)).toContain(`Cannot get ${registry.address}/a/b:nope`);
    expect((error as RegistryError).hint).toBe("tags there: 1, 2");
  });

  it("a tag that is not there is an error also when tags are not told", async () => {
    await using registry = startFaultRegistry({
      images: { "a/b:1": IMAGE },
      faults: [{ on: "tags", kind: "status", status: 403 }],
    });
    const { error } = await fetchWholeImage(openFastSystem(), `${registry.address}/a/b:nope`);
    expect((error as RegistryError).status).toBe(404);
    expect((error as RegistryError).hint).toBeUndefined();
  });
});
