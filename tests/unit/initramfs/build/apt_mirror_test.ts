import { describe, expect, it } from "vitest";
import { chooseMirror, parseUpdateUris } from "../../../../initramfs/build/apt_mirror.ts";

/** What `apt-get update --print-uris` says of a suite. */
function urisOf(uri: string, suite: string, component = "main"): string {
  const name = `${uri}/dists/${suite}`;
  return `'${name}/InRelease' a_InRelease 0 \n` +
    `'${name}/${component}/binary-amd64/Packages.xz' a_Packages 0 \n` +
    `'${name}/${component}/binary-all/Packages.xz' a_Packages 0 \n`;
}

const DEBIAN = "http://mirror.example/debian";
const SECURITY = "http://mirror.example/debian-security";

describe("parseUpdateUris", () => {
  it("reads each suite once", () => {
    const text = urisOf(DEBIAN, "bookworm") + urisOf(SECURITY, "bookworm-security");
    expect(parseUpdateUris(text)).toEqual([
      { uri: DEBIAN, suite: "bookworm" },
      { uri: SECURITY, suite: "bookworm-security" },
    ]);
  });

  it("reads suites with a slash, mirror lists and files", () => {
    const text = urisOf("mirror+file:/etc/apt/mirrors/debian.list", "trixie") +
      urisOf("file:/srv/mirror", "buster/updates");
    expect(parseUpdateUris(text)).toEqual([
      { uri: "mirror+file:/etc/apt/mirrors/debian.list", suite: "trixie" },
      { uri: "file:/srv/mirror", suite: "buster/updates" },
    ]);
  });

  it("passes over other components and flat repositories", () => {
    const flat = "'http://flat.example/./Packages.xz' flat_Packages 0 \n";
    expect(parseUpdateUris(urisOf(DEBIAN, "sid", "contrib") + flat)).toEqual([]);
  });
});

describe("chooseMirror", () => {
  it("takes Debian's archive and its security archive", () => {
    const sources = [
      { uri: "http://other.example/apt", suite: "bookworm" },
      { uri: DEBIAN, suite: "bookworm" },
      { uri: DEBIAN, suite: "bookworm-updates" },
      { uri: SECURITY, suite: "bookworm-security" },
    ];
    expect(chooseMirror(sources, "bookworm")).toEqual({ archive: DEBIAN, security: SECURITY });
  });

  it("knows Debian's archive by its path where there are no updates", () => {
    const sources = [
      { uri: "http://other.example/apt", suite: "sid" },
      { uri: "http://mirror.example/debian/", suite: "sid" },
    ];
    expect(chooseMirror(sources, "forky")).toEqual({
      archive: "http://mirror.example/debian/",
      security: undefined,
    });
  });

  it("takes a mirror list and a security suite in the old form", () => {
    const list = "mirror+file:/etc/apt/mirrors/debian.list";
    expect(chooseMirror([
      { uri: list, suite: "buster" },
      { uri: SECURITY, suite: "buster/updates" },
    ], "buster")).toEqual({ archive: list, security: SECURITY });
  });

  it("finds nothing where no suite is a release", () => {
    expect(chooseMirror([{ uri: "http://x.example", suite: "nodistro" }], "bookworm"))
      .toBeUndefined();
    expect(chooseMirror([], "bookworm")).toBeUndefined();
  });
});
