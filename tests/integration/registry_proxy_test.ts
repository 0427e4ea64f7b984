import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describe as describeError } from "../../agent/errors.ts";
import { makeCertificates } from "../../initramfs/host/certificates.ts";
import { openFastSystem } from "../support/fast_clock.ts";
import { type FaultRegistry, startFaultRegistry } from "../support/fault_registry.ts";
import { type FetchOptions, fetchWholeImage } from "../support/fetch_image.ts";
import { makeMemoryImage } from "../support/memory_image.ts";

const TAR = crypto.getRandomValues(new Uint8Array(50_000));
const IMAGE = makeMemoryImage({ layers: [TAR], compression: "none" });
/** Known to the proxies alone: whoever looks it up has gone past them. */
const NAME = "registry.invalid:5000/a/b:1";

let folder: string;
let ca: string;
let plain: FaultRegistry;
let secure: FaultRegistry;

beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "registry-proxy-" });
  const { cert, key, ca: file } = await makeCertificates(folder, ["registry.invalid"]);
  const tls = { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) };
  ca = await Deno.readTextFile(file);
  plain = startFaultRegistry({ images: { "a/b:1": IMAGE } });
  secure = startFaultRegistry({ images: { "a/b:1": IMAGE }, tls });
});
afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await secure[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

/** A proxy for http: whatever is asked for comes from the registry without TLS. */
function startForwardingProxy() {
  const seen: { readonly url: string; readonly login: string | null }[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname, search, host } = new URL(request.url);
      seen.push({ url: host, login: request.headers.get("proxy-authorization") });
      return await fetch(`${plain.url}${pathname}${search}`, { headers: request.headers });
    },
  );
  return {
    seen,
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A proxy for https: every tunnel leads to the registry with TLS. */
function startTunnellingProxy() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const heads: string[] = [];
  async function serve(connection: Deno.TcpConn): Promise<void> {
    using client = connection;
    const bytes = new Uint8Array(4096);
    const size = await client.read(bytes) ?? 0;
    heads.push(new TextDecoder().decode(bytes.subarray(0, size)));
    using server = await Deno.connect({ port: Number(new URL(secure.url).port) });
    await client.write(new TextEncoder().encode("HTTP/1.1 200 Connected\r\n\r\n"));
    const options = { preventClose: true, preventAbort: true, preventCancel: true };
    await Promise.race([
      client.readable.pipeTo(server.writable, options),
      server.readable.pipeTo(client.writable, options),
    ]);
  }
  const serving = (async () => {
    // Whoever closes first ends a tunnel, and the other end says so.
    for await (const connection of listener) serve(connection).catch(() => {});
  })();
  return {
    heads,
    address: `127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

function pull(options: FetchOptions) {
  return fetchWholeImage(openFastSystem(), NAME, options);
}

describe("proxies", () => {
  it("carry http", async () => {
    await using proxy = startForwardingProxy();
    const { error, layers } = await pull({ proxy: { http: proxy.url }, tlsVerify: false });
    expect(error).toBeUndefined();
    expect(layers).toEqual([TAR]);
    expect(new Set(proxy.seen.map(({ url }) => url))).toEqual(new Set(["registry.invalid:5000"]));
  });

  it("carry https, which they cannot look into", async () => {
    await using proxy = startTunnellingProxy();
    const { error, layers } = await pull({
      proxy: { https: `http://me:hunter2@${proxy.address}` },
      tlsVerify: true,
      caCerts: [ca],
    });
    expect(error).toBeUndefined();
    expect(layers).toEqual([TAR]);
    expect(proxy.heads[0]).toContain("CONNECT registry.invalid:5000 HTTP/1.1");
    expect(proxy.heads[0]?.toLowerCase()).toContain(
      `proxy-authorization: basic ${btoa("me:hunter2").toLowerCase()}`,
    );
  });

  it("are named when they cannot be reached, without their login", async () => {
    const proxy = { https: "http://me:hunter2@127.0.0.1:1" };
    const { error } = await pull({ proxy, tlsVerify: true });
    expect(describeError(error)).toContain(
      "connection refused by registry.invalid:5000 (through the proxy 127.0.0.1:1)",
    );
    expect(describeError(error)).not.toContain("hunter2");
  });

  it("are left out where the list says so", async () => {
    const proxy = { https: "http://127.0.0.1:1", no: ["registry.invalid"] };
    const { error } = await pull({ proxy, tlsVerify: true });
    expect(describeError(error)).toContain("no address is known for registry.invalid:5000");
  });
});
