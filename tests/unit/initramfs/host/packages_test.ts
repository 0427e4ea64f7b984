import { describe, expect, it } from "vitest";
import { choosePackages, parseInstalledPackages } from "../../../../initramfs/host/packages.ts";

describe("parseInstalledPackages", () => {
  it("takes only packages whose status is installed", () => {
    const text = "qemu-system-x86 installed\nskopeo config-files\numoci not-installed\n";
    expect([...parseInstalledPackages(text)]).toEqual(["qemu-system-x86"]);
  });

  it("finds nothing in empty output", () => {
    expect(parseInstalledPackages("").size).toBe(0);
  });
});

describe("choosePackages", () => {
  it("names what is missing once, in the order asked for", () => {
    const installed = new Set(["skopeo"]);
    expect(choosePackages(["umoci", "skopeo", "openssl", "umoci"], installed))
      .toEqual(["umoci", "openssl"]);
  });
});
