import { describe, expect, it } from "vitest";
import { chooseCompression } from "../../../agent/oci/layer_compression.ts";

describe("chooseCompression", () => {
  it.each([
    { type: "application/vnd.oci.image.layer.v1.tar", wanted: "none" },
    { type: "application/vnd.oci.image.layer.v1.tar+gzip", wanted: "gzip" },
    { type: "application/vnd.oci.image.layer.v1.tar+zstd", wanted: "zstd" },
    { type: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", wanted: "gzip" },
    { type: "application/vnd.docker.image.rootfs.diff.tar.gzip", wanted: "gzip" },
    { type: "application/vnd.docker.image.rootfs.diff.tar", wanted: "none" },
    { type: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", wanted: "gzip" },
    { type: "application/vnd.oci.image.layer.v1.tar+gzip; charset=x", wanted: "gzip" },
    { type: "application/vnd.oci.image.layer.v1.tar+xz", wanted: undefined },
    { type: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", wanted: undefined },
    { type: "", wanted: undefined },
  ])("takes $type for $wanted", ({ type, wanted }) => {
    expect(chooseCompression(type)).toBe(wanted);
  });
});
