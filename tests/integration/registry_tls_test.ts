import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describe as describeError, HttpError } from "../../agent/errors.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { type Certificates, makeCertificates } from "../../initramfs/host/certificates.ts";
import { openFastSystem } from "../support/fast_clock.ts";
import { type FaultRegistry, startFaultRegistry } from "../support/fault_registry.ts";
import { type FetchOptions, fetchWholeImage } from "../support/fetch_image.ts";
import { makeMemoryImage } from "../support/memory_image.ts";

const TAR = crypto.getRandomValues(new Uint8Array(50_000));
const IMAGE = makeMemoryImage({ layers: [TAR], compression: "none" });

let folder: string;
let good: Certificates;

/** https with a certificate; `authority`: PEM of who signed it. */
async function startTls({ cert, key }: { readonly cert: string; readonly key: string }) {
  return startFaultRegistry({
    images: { "a/b:1": IMAGE },
    tls: { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) },
  });
}

function fetch(registry: FaultRegistry, options: FetchOptions) {
  return fetchWholeImage(openFastSystem(), `${registry.address}/a/b:1`, options);
}

beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "registry-tls-" });
  good = await makeCertificates(`${folder}/good`);
});
afterAll(async () => await Deno.remove(folder, { recursive: true }));

describe("a certificate of an authority of one's own", () => {
  it("is accepted when the authority is named", async () => {
    await using registry = await startTls(good);
    const caCerts = [await Deno.readTextFile(good.ca)];
    const { error, layers } = await fetch(registry, { tlsVerify: true, caCerts });
    expect(error).toBeUndefined();
    expect(layers).toEqual([TAR]);
  });

  it("is accepted when the registry's settings name it", async () => {
    await using registry = await startTls(good);
    const caCerts = [await Deno.readTextFile(good.ca)];
    const settings = [{ host: registry.address, insecure: false, mirrors: [], caCerts }];
    const { error } = await fetch(registry, { tlsVerify: true, settings });
    expect(error).toBeUndefined();
  });

  it("is refused otherwise, at once, with what to do", async () => {
    await using registry = await startTls(good);
    const { error, lines } = await fetch(registry, { tlsVerify: true });
    expect(error).toBeInstanceOf(HttpError);
    expect(describeError(error)).toContain(
      `the certificate of ${registry.address} is not accepted: no trusted authority signed it`,
    );
    expect(describeError(error)).toContain("hint: b2c.ca adds");
    expect(lines).toEqual([]);
    expect(registry.seen).toEqual([]);
  });

  it("is refused with a word about the clock when that stands before 2024", async () => {
    await using registry = await startTls(good);
    const sys = openFastSystem();
    const early = { ...sys, clock: { ...sys.clock, now: () => 5000 } };
    const { error } = await fetchWholeImage(early, `${registry.address}/a/b:1`, {
      tlsVerify: true,
    });
    expect(describeError(error)).toContain("the clock is wrong, it says 1970-01-01T00:00:05.000Z");
  });
});

describe("with --tls-verify=false", () => {
  it("an unknown authority does not matter, and one line says so", async () => {
    await using registry = await startTls(good);
    const { error, layers, lines } = await fetch(registry, { tlsVerify: false });
    expect(error).toBeUndefined();
    expect(layers).toEqual([TAR]);
    expect(lines).toEqual([
      `the certificate of ${registry.address} is not accepted: no trusted authority signed it; ` +
      "going on without verification, as asked",
    ]);
  });

  it("the name in the certificate does not matter", async () => {
    const other = await makeCertificates(`${folder}/other`, ["other.example"]);
    await using registry = await startTls(other);
    const caCerts = [await Deno.readTextFile(other.ca)];
    const { error, layers } = await fetch(registry, { tlsVerify: false, caCerts });
    expect(error).toBeUndefined();
    expect(layers).toEqual([TAR]);
    const strict = await fetch(registry, { tlsVerify: true, caCerts });
    expect(describeError(strict.error)).toContain("it is for another name");
  });

  it("a certificate that signed itself does not matter", async () => {
    const [key, cert] = [`${folder}/self.key`, `${folder}/self.crt`];
    await realSpawn.run([
      ...["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"],
      ...["-subj", "/CN=self", "-keyout", key, "-out", cert],
    ]);
    await using registry = await startTls({ cert, key });
    const { error, layers } = await fetch(registry, { tlsVerify: false });
    expect(error).toBeUndefined();
    expect(layers).toEqual([TAR]);
  });

  it("a cut layer goes on", async () => {
    await using registry = await startTls(good);
    registry.add({ on: "layer", kind: "cut", after: 20_000, times: 1 });
    const { error, layers } = await fetch(registry, { tlsVerify: false });
    expect(error).toBeUndefined();
    expect(layers).toEqual([TAR]);
    expect(registry.seen.at(-1)?.headers.range).toBe("bytes=20000-");
  });

  it("plain http does too", async () => {
    await using registry = startFaultRegistry({ images: { "a/b:1": IMAGE } });
    const { error, layers } = await fetch(registry, { tlsVerify: false });
    expect(error).toBeUndefined();
    expect(layers).toEqual([TAR]);
  });

  it("https is taken where plain http only leads to it", async () => {
    await using registry = await startTls(good);
    const { port } = new URL(registry.url);
    // One port that speaks both, as some proxies do: http gets a redirect, TLS is passed on.
    await using both = startTlsOrRedirect(Number(port));
    const name = `127.0.0.1:${both.port}/a/b:1`;
    const { error, lines } = await fetchWholeImage(openFastSystem(), name, { tlsVerify: false });
    expect(error).toBeUndefined();
    expect(lines.join()).toContain("going on without verification");
    expect(both.plainRequests).toEqual(["GET /v2/ HTTP/1.1"]);
  });

  it("is what `insecure` means for one registry", async () => {
    await using registry = startFaultRegistry({ images: { "a/b:1": IMAGE } });
    const settings = [{ host: registry.address, insecure: true, mirrors: [], caCerts: [] }];
    expect((await fetch(registry, { tlsVerify: true, settings })).error).toBeUndefined();
    const { error } = await fetch(registry, { tlsVerify: true });
    expect(describeError(error)).toContain("does not complete a TLS handshake");
    expect(describeError(error)).toContain("hint: a server that speaks plain http needs");
  });
});

function startTlsOrRedirect(tlsPort: number) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const plainRequests: string[] = [];
  async function serve(connection: Deno.TcpConn): Promise<void> {
    using client = connection;
    const first = new Uint8Array(4096);
    const size = await client.read(first) ?? 0;
    const isTls = first[0] === 22;
    if (!isTls) {
      plainRequests.push(new TextDecoder().decode(first.subarray(0, size)).split("\r\n")[0] ?? "");
      const location = `https://127.0.0.1:${port}/v2/`;
      const head = `HTTP/1.1 301 Moved\r\nLocation: ${location}\r\nConnection: close\r\n`;
      await client.write(new TextEncoder().encode(`${head}Content-Length: 0\r\n\r\n`));
      return;
    }
    using server = await Deno.connect({ hostname: "127.0.0.1", port: tlsPort });
    await server.write(first.subarray(0, size));
    const options = { preventClose: true, preventAbort: true, preventCancel: true };
    await Promise.race([
      client.readable.pipeTo(server.writable, options),
      server.readable.pipeTo(client.writable, options),
    ]);
  }
  const serving = (async () => {
    for await (const connection of listener) serve(connection).catch(() => {});
  })();
  return {
    port,
    plainRequests,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}
