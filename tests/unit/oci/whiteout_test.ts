import { describe, expect, it } from "vitest";
import { classifyName, isAufsMetadata, isOverlayXattr } from "../../../agent/oci/whiteout.ts";
import { toBytes } from "../../support/tar_bytes.ts";

describe("classifyName", () => {
  it.each([
    { name: "a", wanted: "plain" },
    { name: "", wanted: "plain" },
    { name: ".wh", wanted: "plain" },
    { name: ".whx", wanted: "plain" },
    { name: "x.wh.a", wanted: "plain" },
    { name: ".wh.a", wanted: "whiteout" },
    { name: ".wh..a", wanted: "whiteout" },
    { name: ".wh....", wanted: "whiteout" },
    { name: ".wh..wh.a", wanted: "whiteout" },
    { name: ".wh..wh..opq", wanted: "opaque" },
    { name: ".wh..wh..opqx", wanted: "whiteout" },
    { name: ".wh.", wanted: "malformed" },
    { name: ".wh..", wanted: "malformed" },
    { name: ".wh...", wanted: "malformed" },
  ])("finds $name $wanted", ({ name, wanted }) => {
    // The buffer is longer than the name, as it is in use.
    expect(classifyName(toBytes(`${name}\0rest of an older name`), name.length)).toBe(wanted);
  });
});

describe("isAufsMetadata", () => {
  it.each([
    { path: ".wh..wh.plnk", wanted: true },
    { path: ".wh..wh.plnk/1.2", wanted: true },
    { path: ".wh..wh.aufs", wanted: true },
    { path: ".wh..wh..opq", wanted: false },
    { path: ".wh.a", wanted: false },
    { path: "a/.wh..wh.plnk", wanted: false },
  ])("finds $path: $wanted", ({ path, wanted }) => {
    expect(isAufsMetadata(toBytes(path), path.length)).toBe(wanted);
  });
});

describe("isOverlayXattr", () => {
  it.each([
    { name: "trusted.overlay.opaque", wanted: true },
    { name: "trusted.overlay.", wanted: true },
    { name: "trusted.overlayx", wanted: false },
    { name: "user.overlay.opaque", wanted: false },
    { name: "security.capability", wanted: false },
  ])("finds $name: $wanted", ({ name, wanted }) => {
    expect(isOverlayXattr(toBytes(name))).toBe(wanted);
  });
});
