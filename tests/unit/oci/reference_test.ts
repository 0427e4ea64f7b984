import { describe, expect, it } from "vitest";
import { AgentError } from "../../../agent/errors.ts";
import { parseReference, renderReference } from "../../../agent/oci/reference.ts";

const HEX = "0123456789abcdef".repeat(4);
const DIGEST = `sha256:${HEX}`;

describe("parseReference", () => {
  it.each([
    { text: "x", full: "docker.io/library/x:latest" },
    { text: "alpine:3.22", full: "docker.io/library/alpine:3.22" },
    { text: "docker.io/library/alpine:latest", full: "docker.io/library/alpine:latest" },
    { text: "docker.io/alpine", full: "docker.io/library/alpine:latest" },
    { text: "index.docker.io/alpine", full: "docker.io/library/alpine:latest" },
    { text: "docker://alpine", full: "docker.io/library/alpine:latest" },
    {
      text: "docker.io/valkey/valkey:8.1.4-alpine3.22",
      full: "docker.io/valkey/valkey:8.1.4-alpine3.22",
    },
    {
      text: "registry.freedesktop.org/mupuf/valve-infra/valve-infra-container:aarch64",
      full: "registry.freedesktop.org/mupuf/valve-infra/valve-infra-container:aarch64",
    },
    {
      text: "docker://10.0.2.2:8088/valve-infra/valve-infra-container:latest",
      full: "10.0.2.2:8088/valve-infra/valve-infra-container:latest",
    },
    { text: "docker://ci-gateway:8002/a/b:latest", full: "ci-gateway:8002/a/b:latest" },
    { text: "10.0.2.2:5000/x:y", full: "10.0.2.2:5000/x:y" },
    { text: "localhost/x", full: "localhost/x:latest" },
    { text: "localhost:5000/x", full: "localhost:5000/x:latest" },
    { text: "localhost:5000", full: "docker.io/library/localhost:5000" },
    { text: "Registry/x", full: "Registry/x:latest" },
    { text: "a/b", full: "docker.io/a/b:latest" },
    { text: "a/b/c", full: "docker.io/a/b/c:latest" },
    { text: "[::1]:5000/x", full: "[::1]:5000/x:latest" },
    { text: "[fd00::1]/x:1", full: "[fd00::1]/x:1" },
    { text: "docker://[2001:DB8::1]:5000/a/x", full: "[2001:DB8::1]:5000/a/x:latest" },
    { text: `x@${DIGEST}`, full: `docker.io/library/x@${DIGEST}` },
    { text: `host.example/path@${DIGEST}`, full: `host.example/path@${DIGEST}` },
    { text: `h.example:1/p:tag@${DIGEST}`, full: `h.example:1/p@${DIGEST}` },
    { text: "f/a.b_c__d---e", full: "docker.io/f/a.b_c__d---e:latest" },
    { text: "dir:latest", full: "docker.io/library/dir:latest" },
    { text: `x:${"t".repeat(128)}`, full: `docker.io/library/x:${"t".repeat(128)}` },
    { text: "x:_Tag.1-2", full: "docker.io/library/x:_Tag.1-2" },
  ])("$text is $full", ({ text, full }) => {
    const reference = parseReference(text);
    expect(reference.kind).toBe("registry");
    expect(renderReference(reference)).toBe(full);
    expect(renderReference(parseReference(full))).toBe(full);
  });

  it("keeps a tag beside a digest", () => {
    expect(parseReference(`h.example/p:tag@${DIGEST}`)).toEqual({
      kind: "registry",
      host: "h.example",
      path: "p",
      tag: "tag",
      digest: DIGEST,
    });
  });

  it.each([
    { text: "oci:/images", kind: "oci", path: "/images", name: undefined },
    { text: "oci:/images:v1", kind: "oci", path: "/images", name: "v1" },
    { text: "oci:relative/dir:a/b:1", kind: "oci", path: "relative/dir", name: "a/b:1" },
    { text: "oci-archive:/x.tar", kind: "oci-archive", path: "/x.tar", name: undefined },
    { text: "oci-archive:/x.tar:v1", kind: "oci-archive", path: "/x.tar", name: "v1" },
    {
      text: "docker-archive:/x.tar:alpine:3",
      kind: "docker-archive",
      path: "/x.tar",
      name: "alpine:3",
    },
  ])("$text is a file", ({ text, ...parts }) => {
    expect(parseReference(text)).toEqual(parts);
    expect(renderReference(parseReference(text))).toBe(text);
  });

  it.each([
    { text: "", reason: "no name given" },
    { text: "docker://", reason: "no name given" },
    { text: " x", reason: "white space" },
    { text: "x y", reason: "white space" },
    { text: HEX, reason: "image ID" },
    { text: "Alpine", reason: "lower case" },
    { text: "a/B", reason: "lower case" },
    { text: "host.example/", reason: "empty" },
    { text: "host.example/a//b", reason: "empty" },
    { text: "/a", reason: "empty" },
    { text: "a/", reason: "empty" },
    { text: "-a", reason: "cannot be part of a path" },
    { text: "a..b", reason: "cannot be part of a path" },
    { text: "a___b", reason: "cannot be part of a path" },
    { text: "a/ü", reason: "cannot be part of a path" },
    { text: "h.example/../x", reason: "cannot be part of a path" },
    { text: "x:", reason: "tag is empty" },
    { text: "x:-a", reason: "holds what a tag cannot" },
    { text: "x:a b", reason: "white space" },
    { text: "x:a:b", reason: "holds what a tag cannot" },
    { text: `x:${"t".repeat(129)}`, reason: "longer than 128" },
    { text: "x@", reason: "sha256:" },
    { text: "x@sha256:0123", reason: "sha256:" },
    { text: `x@sha256:${HEX.toUpperCase()}`, reason: "lower-case" },
    { text: `x@sha512:${HEX}${HEX}`, reason: "this one is sha512" },
    { text: `x@${DIGEST}@${DIGEST}`, reason: "sha256:" },
    { text: "host_name.example/x", reason: "no host name" },
    { text: "-h.example/x", reason: "no host name" },
    { text: "h..example/x", reason: "no host name" },
    { text: "h.example:port/x", reason: "no host name" },
    { text: "h.example:99999/x", reason: "no host name" },
    { text: "[::1/x", reason: "no host name" },
    { text: "[::g]/x", reason: "no host name" },
    { text: "[1::2::3]/x", reason: "no host name" },
    { text: "user@host.example/x", reason: "sha256:" },
    { text: `h.example/${"a".repeat(246)}`, reason: "longer than 255" },
    { text: "https://host.example/x", reason: "https: is no kind of image" },
    { text: "containers-storage:[x]y", reason: "containers-storage: is no kind" },
    { text: "dir:/x", reason: "dir: is no kind" },
    { text: "oci:", reason: "no path" },
    { text: "oci::tag", reason: "no path" },
    { text: "oci:/images:", reason: "nothing after the last colon" },
  ])("refuses $text", ({ text, reason }) => {
    let error: unknown;
    try {
      parseReference(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(AgentError);
    expect((error as AgentError).message).toContain(reason);
    expect((error as AgentError).hint).toContain("HOST[:PORT]/PATH");
  });

  it("accepts a name of 255 characters", () => {
    expect(parseReference(`h.example/${"a".repeat(245)}`)).toMatchObject({ host: "h.example" });
  });
});
