import { describe, expect, it } from "vitest";
import { AgentError } from "../../../agent/errors.ts";
import { chooseImage } from "../../../agent/oci/choose_image.ts";
import type { IndexEntry } from "../../../agent/oci/manifest.ts";
import { parsePlatform } from "../../../agent/oci/platform.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** Entries by platform; the digest is the platform's text. */
function entries(...platforms: readonly (string | undefined)[]): readonly IndexEntry[] {
  return platforms.map((platform, index) => ({
    descriptor: { mediaType: MANIFEST, digest: platform ?? `none ${index}`, size: 1 },
    platform: platform === undefined ? undefined : parsePlatform(platform),
  }));
}

function choose(list: readonly IndexEntry[], wanted: string): string {
  return chooseImage("x:1", { kind: "index", entries: list }, parsePlatform(wanted)).digest;
}

describe("chooseImage", () => {
  it.each([
    { offered: ["linux/arm64", "linux/amd64"], wanted: "linux/amd64/v3", chosen: "linux/amd64" },
    {
      offered: ["linux/amd64", "linux/amd64/v2", "linux/amd64/v4", "linux/amd64/v3"],
      wanted: "linux/amd64/v3",
      chosen: "linux/amd64/v3",
    },
    {
      offered: ["linux/arm/v5", "linux/arm/v6", "linux/arm64"],
      wanted: "linux/arm/v7",
      chosen: "linux/arm/v6",
    },
    {
      offered: ["unknown/unknown", "windows/amd64", "linux/amd64"],
      wanted: "linux/amd64",
      chosen: "linux/amd64",
    },
    { offered: ["linux/constructor", "linux/amd64"], wanted: "linux/amd64", chosen: "linux/amd64" },
    { offered: [undefined], wanted: "linux/amd64", chosen: "none 0" },
    { offered: [undefined, "linux/amd64"], wanted: "linux/amd64", chosen: "linux/amd64" },
  ])("of $offered takes $chosen for $wanted", ({ offered, wanted, chosen }) => {
    expect(choose(entries(...offered), wanted)).toBe(chosen);
  });

  it("takes the first of equals", () => {
    const [first, second] = entries("linux/amd64", "linux/amd64");
    const again = { ...second!, descriptor: { ...second!.descriptor, digest: "second" } };
    expect(choose([first!, again], "linux/amd64")).toBe("linux/amd64");
    expect(choose([again, first!], "linux/amd64")).toBe("second");
  });

  it("leaves out attestations, and kinds of content that it does not know", () => {
    const [attested, signature, image] = entries("linux/amd64", "linux/amd64", "linux/amd64");
    const list = [
      {
        ...attested!,
        descriptor: {
          ...attested!.descriptor,
          digest: "attestation",
          annotations: { "vnd.docker.reference.type": "attestation-manifest" },
        },
      },
      {
        ...signature!,
        descriptor: { ...signature!.descriptor, digest: "other", mediaType: "application/x" },
      },
      image!,
    ];
    expect(choose(list, "linux/amd64")).toBe("linux/amd64");
  });

  it("lists no more than a line of it", () => {
    const many = Array.from({ length: 5000 }, (_, index) => `linux/cpu${index}`);
    try {
      choose(entries(...many), "linux/amd64");
      throw new Error("found one");
    } catch (error) {
      expect((error as AgentError).hint?.length).toBeLessThan(500);
    }
  });

  it("lists what there was", () => {
    try {
      choose(
        entries("linux/arm64", "unknown/unknown", "linux/arm/v7", "linux/arm64"),
        "linux/riscv64",
      );
      throw new Error("found one");
    } catch (error) {
      expect(error).toBeInstanceOf(AgentError);
      expect((error as AgentError).message)
        .toBe("Cannot use x:1: it is not there for linux/riscv64");
      expect((error as AgentError).hint).toBe("it is there for linux/arm64, linux/arm/v7");
    }
    expect(() => choose([], "linux/amd64")).toThrow("not there for linux/amd64");
    expect(() => choose(entries(undefined, undefined), "linux/amd64")).toThrow("not there");
  });
});
