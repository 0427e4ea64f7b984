import { describe, expect, it } from "vitest";
import {
  classifyManifestType,
  isImageConfigType,
  parseLayerType,
} from "../../../agent/oci/media_type.ts";

describe("parseLayerType", () => {
  it.each([
    { type: "application/vnd.oci.image.layer.v1.tar", foreign: false },
    { type: "application/vnd.oci.image.layer.v1.tar+gzip", foreign: false },
    { type: "application/vnd.oci.image.layer.v1.tar+zstd", foreign: false },
    { type: "application/vnd.oci.image.layer.nondistributable.v1.tar", foreign: true },
    { type: "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", foreign: true },
    { type: "application/vnd.docker.image.rootfs.diff.tar", foreign: false },
    { type: "application/vnd.docker.image.rootfs.diff.tar.gzip", foreign: false },
    { type: "application/vnd.docker.image.rootfs.diff.tar.zstd", foreign: false },
    { type: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", foreign: true },
  ])("$type", ({ type, foreign }) => {
    expect(parseLayerType(type)).toEqual({ foreign });
  });
  it.each([
    "",
    "application/vnd.oci.image.layer.v1.tar+lz4",
    "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
    "application/vnd.oci.image.layer.v1.tar.gzip",
    "application/octet-stream",
  ])("knows no '%s'", (type) => {
    expect(parseLayerType(type)).toBeUndefined();
  });
});

describe("classifyManifestType", () => {
  it.each([
    { type: "application/vnd.oci.image.manifest.v1+json; charset=utf-8", kind: "manifest" },
    { type: "Application/vnd.docker.distribution.manifest.list.v2+JSON", kind: "index" },
    { type: "application/vnd.docker.distribution.manifest.v1+json", kind: "schema1" },
    { type: "text/html", kind: "unknown" },
    { type: "", kind: "unknown" },
  ])("$type is $kind", ({ type, kind }) => {
    expect(classifyManifestType(type)).toBe(kind);
  });
});

describe("isImageConfigType", () => {
  it("knows OCI's and Docker's", () => {
    expect(isImageConfigType("application/vnd.oci.image.config.v1+json")).toBe(true);
    expect(isImageConfigType("application/vnd.docker.container.image.v1+json")).toBe(true);
    expect(isImageConfigType("application/vnd.oci.empty.v1+json")).toBe(false);
  });
});
