/**
 * A registry that does what a real one does only on a bad day: it serves images from memory, and
 * its faults and its way to ask for a login are data. Loopback only.
 */
import { applyFault, type Fault, type FaultPlace, renderReply, type Reply } from "./fault.ts";
import type { MemoryImage } from "./memory_image.ts";

export interface FaultRegistryOptions {
  /** By repository and tag: `{ "library/x:latest": image }`. */
  readonly images: Readonly<Record<string, MemoryImage>>;
  readonly faults?: readonly Fault[];
  /** Default: none. */
  readonly auth?: RegistryAuth;
  /** Serves https. PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export type RegistryAuth =
  | { readonly kind: "basic"; readonly user: string; readonly password: string }
  | {
    /** A token server at `/token` of the same server. */
    readonly kind: "bearer";
    /** Default: tokens for everyone. */
    readonly user?: string;
    readonly password?: string;
    /** Taken as refresh_token by POST. */
    readonly identity?: string;
    /** The field that the token is in. Default: token. */
    readonly field?: "token" | "access_token";
    /** Seconds; default: not told. */
    readonly expiresIn?: number;
    /** In place of `Bearer realm=…,service=…,scope=…`; `{origin}` and `{scope}` stand for theirs. */
    readonly challenge?: string;
  };

export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly place: FaultPlace | "other";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FaultRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  readonly url: string;
  /** Every request, oldest first. */
  readonly seen: readonly SeenRequest[];
  /** Adds a fault. */
  add(fault: Fault): void;
  /** Lets a tag, `name:tag`, point to what another one points to. */
  retag(name: string, other: string): void;
  /** The tokens that were given so far are worth nothing any more. */
  revokeTokens(): void;
}

/** Starts it on a free port. */
export function startFaultRegistry(options: FaultRegistryOptions): FaultRegistry {
  const seen: SeenRequest[] = [];
  const faults = (options.faults ?? []).map(countFault);
  const tokens = new Map<string, string>();
  const content = collect(options.images);

  async function handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const digest = /sha256:[0-9a-f]{64}$/.exec(url.pathname)?.[0] ?? "";
    const place = choosePlace(url.pathname, digest, content.configs);
    seen.push({
      ...{ method: request.method, path: url.pathname + url.search, place },
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    });
    const active = faults.filter((fault) => fault.isFor(place, request.method));
    // Counted now: two requests at once must not both be the last.
    for (const fault of active) fault.left--;
    const kinds = active.map((entry) => entry.fault);
    const reply = answer(request, url, place, digest, kinds);
    for (const fault of kinds) applyFault(reply, fault, digest);
    return renderReply(reply, request.method);
  }

  function answer(
    request: Request,
    url: URL,
    place: FaultPlace | "other",
    digest: string,
    active: readonly Fault[],
  ): Reply {
    if (place === "token") return giveToken(request, url, seen.at(-1)?.body ?? "");
    const scope = `repository:${
      /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(url.pathname)?.[1]
    }:pull`;
    if (place !== "store" && !isAllowed(request, scope)) return challenge(url, scope);
    switch (place) {
      case "ping":
        return plain(200, "{}");
      case "tags":
        return giveTags(url);
      case "manifest":
        return giveManifest(url);
      case "config":
      case "layer":
      case "store":
        return giveBlob(request, digest, active);
      default:
        return plain(404, "no such place");
    }
  }

  function isAllowed(request: Request, scope: string): boolean {
    const { auth } = options;
    const header = request.headers.get("authorization") ?? "";
    if (!auth) return true;
    if (auth.kind === "basic") return header === renderBasic(auth.user, auth.password);
    return header.startsWith("Bearer ") && tokens.get(header.slice(7)) === scope;
  }

  function challenge(url: URL, scope: string): Reply {
    const { auth } = options;
    const bearer = auth?.kind === "bearer" ? auth.challenge : undefined;
    const text = auth?.kind === "basic"
      ? 'Basic realm="registry"'
      : bearer ?? 'Bearer realm="{origin}/token",service="fault-registry",scope="{scope}"';
    const header = text.replaceAll("{origin}", url.origin).replaceAll("{scope}", scope);
    const body = JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "log in first" }] });
    return plain(401, body, { "www-authenticate": header });
  }

  function giveToken(request: Request, url: URL, body: string): Reply {
    const { auth } = options;
    if (auth?.kind !== "bearer") return plain(404, "");
    const form = new URLSearchParams(body);
    const identified = auth.identity !== undefined && form.get("refresh_token") === auth.identity;
    const basic = renderBasic(auth.user ?? "", auth.password ?? "");
    const isKnown = auth.user === undefined && auth.identity === undefined ||
      identified || (auth.user !== undefined && request.headers.get("authorization") === basic);
    if (!isKnown) return plain(401, JSON.stringify({ errors: [{ code: "UNAUTHORIZED" }] }));
    const token = `token-${crypto.randomUUID()}`;
    tokens.set(token, url.searchParams.get("scope") ?? form.get("scope") ?? "");
    const { field = "token", expiresIn } = auth;
    return plain(200, JSON.stringify({ [field]: token, expires_in: expiresIn }));
  }

  function giveTags(url: URL): Reply {
    const name = /^\/v2\/(.+)\/tags\/list$/.exec(url.pathname)?.[1] ?? "";
    const tags = [...content.tags.keys()].filter((key) => key.startsWith(`${name}:`));
    return plain(200, JSON.stringify({ name, tags: tags.map((key) => key.split(":")[1]) }));
  }

  function giveManifest(url: URL): Reply {
    const [, name, which = ""] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url.pathname) ?? [];
    const digest = which.startsWith("sha256:") ? which : content.tags.get(`${name}:${which}`);
    const found = content.manifests.get(digest ?? "");
    if (!digest || !found) return plain(404, '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    return {
      status: 200,
      headers: new Headers({
        "content-type": found.mediaType,
        "docker-content-digest": digest,
      }),
      body: found.bytes,
    };
  }

  function giveBlob(request: Request, digest: string, active: readonly Fault[]): Reply {
    const body = content.blobs.get(digest);
    if (!body) return plain(404, '{"errors":[{"code":"BLOB_UNKNOWN"}]}');
    const headers = new Headers({ "content-type": "application/octet-stream" });
    const first = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1];
    if (first === undefined || active.some(({ kind }) => kind === "noRange")) {
      return { status: 200, headers, body };
    }
    const wrong = active.find((fault) => fault.kind === "wrongRange")?.by ?? 0;
    const start = Number(first) + wrong;
    if (start >= body.length) return plain(416, "");
    headers.set("content-range", `bytes ${start}-${body.length - 1}/${body.length}`);
    return { status: 206, headers, body: body.slice(start) };
  }

  const closing = new AbortController();
  const server = Deno.serve({
    ...{ hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: closing.signal },
    ...options.tls,
  }, handle);
  const address = `127.0.0.1:${server.addr.port}`;
  return {
    address,
    url: `${options.tls ? "https" : "http"}://${address}`,
    seen,
    add: (fault) => void faults.push(countFault(fault)),
    retag: (name, other) => void content.tags.set(name, content.tags.get(other) ?? ""),
    revokeTokens: () => tokens.clear(),
    // At once: a stalled answer never ends by itself.
    [Symbol.asyncDispose]: () => {
      closing.abort();
      return server.finished;
    },
  };
}

function countFault(fault: Fault) {
  return {
    fault,
    left: fault.times ?? Infinity,
    isFor(place: string, method: string): boolean {
      const isMethod = !fault.method || (fault.method === "HEAD") === (method === "HEAD");
      return this.left > 0 && fault.on === place && isMethod;
    },
  };
}

function collect(images: Readonly<Record<string, MemoryImage>>) {
  const all = Object.values(images);
  return {
    tags: new Map(Object.entries(images).map(([name, image]) => [name, image.digest])),
    manifests: new Map(all.flatMap((image) => [...image.manifests])),
    blobs: new Map(all.flatMap((image) => [...image.blobs])),
    configs: new Set(all.flatMap((image) => image.configDigests)),
  };
}

function choosePlace(
  path: string,
  digest: string,
  configs: ReadonlySet<string>,
): FaultPlace | "other" {
  if (path === "/token") return "token";
  if (path.startsWith("/store/")) return "store";
  if (path === "/v2/") return "ping";
  if (path.endsWith("/tags/list")) return "tags";
  if (/\/manifests\/[^/]+$/.test(path)) return "manifest";
  if (/\/blobs\/[^/]+$/.test(path)) return configs.has(digest) ? "config" : "layer";
  return "other";
}

function plain(status: number, body: string, headers: Record<string, string> = {}): Reply {
  const type = { "content-type": "application/json" };
  return {
    status,
    headers: new Headers({ ...type, ...headers }),
    body: new TextEncoder().encode(body),
  };
}

function renderBasic(user: string, password: string): string {
  return `Basic ${btoa(`${user}:${password}`)}`;
}
