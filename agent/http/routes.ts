/** Deno's HTTP clients, one for each way out, made when first used. */
import { chooseProxy, type ProxySettings } from "./proxy.ts";
import { openUnverifiedTunnel, type UnverifiedTunnel } from "./unverified_tunnel.ts";

export interface RouteOptions {
  /** PEM texts: roots in addition to Mozilla's. */
  readonly caCerts?: readonly string[];
  readonly proxy?: ProxySettings;
}

/** A tunnel, and the client that goes into it: with http: URLs. */
export interface TunnelRoute extends UnverifiedTunnel {
  readonly client: Deno.HttpClient;
}

/** Dispose them: connections are closed. */
export interface Routes extends AsyncDisposable {
  /** The client for a URL: direct, or through its proxy. */
  choose(url: string): Deno.HttpClient;
  /** A way to one server that does not look at certificates. Never through a proxy. */
  openTunnel(hostname: string, port: number): Promise<TunnelRoute>;
}

export function openRoutes(options: RouteOptions): Routes {
  const clients = new Map<string, Deno.HttpClient>();
  const tunnels = new Map<string, Promise<TunnelRoute>>();
  const shared = {
    caCerts: [...options.caCerts ?? []],
    // One connection for each request at a time: the windows of HTTP/2 slow down large bodies,
    // and layers that come at once would share one connection.
    http2: false,
  };

  async function connectTunnel(hostname: string, port: number): Promise<TunnelRoute> {
    const tunnel = await openUnverifiedTunnel(hostname, port);
    const proxy = { transport: "unix" as const, path: tunnel.path };
    return Object.assign(tunnel, { client: Deno.createHttpClient({ proxy, http2: false }) });
  }

  return {
    choose(url) {
      const proxy = chooseProxy(url, options.proxy ?? {});
      let client = clients.get(proxy ?? "");
      if (!client) {
        client = Deno.createHttpClient(proxy ? { ...shared, proxy: parseProxy(proxy) } : shared);
        clients.set(proxy ?? "", client);
      }
      return client;
    },
    openTunnel(hostname, port) {
      const key = `${hostname} ${port}`;
      const known = tunnels.get(key) ?? connectTunnel(hostname, port);
      tunnels.set(key, known);
      return known;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients.values()) client.close();
      for (const tunnel of await Promise.allSettled(tunnels.values())) {
        if (tunnel.status === "rejected") continue;
        tunnel.value.client.close();
        await tunnel.value[Symbol.asyncDispose]();
      }
    },
  };
}

function parseProxy(proxy: string): Deno.Proxy {
  const url = new URL(proxy);
  const [username, password] = [url.username, url.password].map(decodeURIComponent);
  url.username = url.password = "";
  return {
    url: url.href,
    ...(username ? { basicAuth: { username, password: password ?? "" } } : {}),
  };
}
