import { describe, expect, it } from "vitest";
import { parseListeningPort, renderRegistryConfig } from "../../../../initramfs/host/registry.ts";

describe("parseListeningPort", () => {
  it("finds the port in the line that tells readiness", () => {
    const log = 'level=info msg="redis not configured"\n' +
      'level=info msg="listening on 127.0.0.1:43311" version=2.8.2\n';
    expect(parseListeningPort(log)).toBe(43311);
  });

  it("finds it with TLS, too", () => {
    expect(parseListeningPort('msg="listening on 127.0.0.1:5000, tls"')).toBe(5000);
  });

  it("finds nothing before that line", () => {
    expect(parseListeningPort('msg="redis not configured"')).toBeUndefined();
  });
});

describe("renderRegistryConfig", () => {
  it("listens on a free port of loopback and keeps blobs in the folder", () => {
    const config = JSON.parse(renderRegistryConfig({}, "/blobs", "/htpasswd"));
    expect(config.http.addr).toBe("127.0.0.1:0");
    expect(config.storage.filesystem.rootdirectory).toBe("/blobs");
    expect(config.auth).toBeUndefined();
    expect(config.http.tls).toBeUndefined();
  });

  it("asks for a password and speaks TLS where told to", () => {
    const config = JSON.parse(renderRegistryConfig(
      { auth: { user: "u", password: "p" }, tls: { cert: "c.crt", key: "c.key" } },
      "/blobs",
      "/htpasswd",
    ));
    expect(config.auth.htpasswd.path).toBe("/htpasswd");
    expect(config.http.tls).toEqual({ certificate: "c.crt", key: "c.key" });
  });

  it("mirrors another registry where told to", () => {
    const config = JSON.parse(
      renderRegistryConfig({ proxyRemote: "http://127.0.0.1:5000" }, "/blobs", "/htpasswd"),
    );
    expect(config.proxy).toEqual({ remoteurl: "http://127.0.0.1:5000" });
  });
});
