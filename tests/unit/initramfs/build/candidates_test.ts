import { describe, expect, it } from "vitest";
import {
  chooseKernelPackage,
  debNameOf,
  parseCandidate,
  parseInstallations,
} from "../../../../initramfs/build/candidates.ts";
import { parseStanzas } from "../../../../initramfs/build/stanzas.ts";

const RECORDS = `Package: libcap2
Version: 1:2.75-10
Architecture: amd64
Depends: libc6 (>= 2.38),
 libx
Description: support for capabilities
 more of it: and more
Size: 28988
SHA256: ${"a".repeat(64)}

Package: crun
Version: 1.21-1
Architecture: amd64
Size: 368640
SHA256: ${"b".repeat(64)}
`;

describe("parseStanzas", () => {
  it("splits records and joins lines that continue a value", () => {
    const [libcap, crun] = parseStanzas(RECORDS);
    expect(libcap?.get("depends")).toBe("libc6 (>= 2.38),\nlibx");
    expect(libcap?.get("description")).toBe("support for capabilities\nmore of it: and more");
    expect(crun?.get("package")).toBe("crun");
  });

  it("finds nothing in nothing", () => {
    expect(parseStanzas("\n\n")).toEqual([]);
  });
});

describe("parseCandidate", () => {
  it("takes what the build needs", () => {
    const candidate = parseCandidate(parseStanzas(RECORDS)[0]!);
    expect(candidate).toEqual({
      name: "libcap2",
      version: "1:2.75-10",
      architecture: "amd64",
      sha256: "a".repeat(64),
      size: 28988,
    });
    expect(debNameOf(candidate)).toBe("libcap2_1%3a2.75-10_amd64.deb");
  });

  it("refuses a record without a hash", () => {
    const [stanza] = parseStanzas("Package: x\nVersion: 1\nArchitecture: all\nSize: 3\n");
    expect(() => parseCandidate(stanza!)).toThrow(
      "Cannot use package x: its record has no sha256",
    );
  });
});

describe("parseInstallations", () => {
  it("takes name and version of each package", () => {
    const plan = `Inst gcc-14-base (14.2.0-19 Debian:13.8/stable [amd64])
Inst libc6:amd64 (2.41-12+deb13u5 Debian:13.8/stable, Debian-Security:13/stable [amd64]) []
Conf libc6 (2.41-12+deb13u5 Debian:13.8/stable [amd64])
`;
    expect(parseInstallations(plan)).toEqual(["gcc-14-base=14.2.0-19", "libc6=2.41-12+deb13u5"]);
  });
});

describe("chooseKernelPackage", () => {
  it("takes the kernel, not what else is depended on", () => {
    const depends = "linux-base, linux-image-6.12.1+deb13-cloud-amd64 (= 6.12.1-1)";
    expect(chooseKernelPackage(depends, "linux-image-cloud-amd64")).toBe(
      "linux-image-6.12.1+deb13-cloud-amd64=6.12.1-1",
    );
  });

  it("says what is there when there is none", () => {
    expect(() => chooseKernelPackage("libc6", "linux-image-x")).toThrow(
      'Cannot tell the kernel of linux-image-x: it depends on "libc6"',
    );
  });
});
