import { describe, expect, it } from "vitest";
import { renderExtensions } from "../../../../initramfs/host/certificates.ts";

describe("renderExtensions", () => {
  it("tells addresses from names, and makes no authority of a server", () => {
    const text = renderExtensions(["localhost", "10.0.2.2"]);
    expect(text).toContain("subjectAltName=DNS:localhost,IP:10.0.2.2\n");
    expect(text).toContain("basicConstraints=CA:FALSE\n");
  });
});
