/** HTTP requests: deadlines, redirects, proxies, extra root certificates. Nothing is retried here. */
import { HttpError } from "../errors.ts";
import { quoteForeign } from "../quote_foreign.ts";
import { redactText } from "../redact.ts";
import type { System } from "../sys/system.ts";
import { chooseHint, classifyFailure, isPassing, renderFailure } from "./connect_failure.ts";
import { withDeadline } from "./deadline.ts";
import { chooseProxy, type ProxySettings } from "./proxy.ts";
import { isRedirect, planRedirect, REDIRECT_LIMIT, type RedirectedRequest } from "./redirect.ts";
import { openRoutes } from "./routes.ts";

export interface HttpClientOptions {
  /** PEM texts: roots in addition to Mozilla's. */
  readonly caCerts?: readonly string[];
  readonly proxy?: ProxySettings;
  /** Told once for every host whose certificate is not looked at. */
  readonly onUnverified?: (text: string) => void;
}

export interface HttpRequest {
  /** Default: GET. */
  readonly method?: "GET" | "HEAD" | "POST";
  /** http: or https:. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * The user gave up verification: a certificate that is not accepted does not matter, nor does a
   * redirect to http. Default: false.
   */
  readonly insecure?: boolean;
  /** Ends the request, and its body later. */
  readonly signal?: AbortSignal | undefined;
  /** Limit for one answer's head. Default: 30 s. */
  readonly headLimitMs?: number;
}

/** An answer of any status, its body unread: read it, or cancel it. */
export interface HttpAnswer {
  readonly response: Response;
  /** Where it came from, redirects followed. May hold a signature: redact it before showing it. */
  readonly url: string;
}

/** Dispose it: connections are closed. */
export interface HttpClient extends AsyncDisposable {
  /**
   * Sends a request and follows redirects. `Authorization` never goes to another origin.
   * @throws HttpError with status 0 when there is no answer; TimeoutError; the signal's reason
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

const HEAD_LIMIT_MS = 30_000;

/** Opens a client; connections are made as they are needed. */
export function openHttpClient(sys: System, options: HttpClientOptions = {}): HttpClient {
  const routes = openRoutes(options);
  const unverifiable = new Set<string>();

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    let hop: RedirectedRequest = {
      method: request.method ?? "GET",
      url: request.url,
      // Deno decodes a Content-Encoding, and the bytes would not be those of the digest.
      headers: {
        "accept-encoding": "identity",
        "user-agent": "boot2container",
        ...request.headers,
      },
      body: request.body,
    };
    for (let redirects = 0;; redirects++) {
      const response = await exchange(hop, request);
      if (!isRedirect(response.status)) return { response, url: hop.url };
      await response.body?.cancel();
      const refuse = (reason: string) => failed(hop, response.status, false, reason);
      if (redirects === REDIRECT_LIMIT) throw refuse(`more than ${REDIRECT_LIMIT} redirects`);
      const location = response.headers.get("location");
      const rules = { plainAllowed: request.insecure ?? false };
      const plan = planRedirect(hop, response.status, location, rules);
      if (plan.kind === "refuse") throw refuse(plan.reason);
      hop = plan.request;
    }
  }

  async function exchange(hop: RedirectedRequest, request: HttpRequest): Promise<Response> {
    const { host, protocol } = new URL(hop.url);
    if (unverifiable.has(host) && request.insecure && protocol === "https:") {
      return await exchangeUnverified(hop, request);
    }
    try {
      return await fetchHead(hop, request, routes.choose(hop.url));
    } catch (cause) {
      const failure = classifyFailure(cause);
      if (failure.kind !== "certificate" || !request.insecure) throw explain(hop, request, cause);
      const text = renderFailure(failure, host);
      options.onUnverified?.(`${text}; going on without verification, as asked`);
      unverifiable.add(host);
      return await exchangeUnverified(hop, request);
    }
  }

  async function exchangeUnverified(
    hop: RedirectedRequest,
    request: HttpRequest,
  ): Promise<Response> {
    const { hostname, port, host, protocol, pathname, search } = new URL(hop.url);
    const portNumber = Number(port || (protocol === "https:" ? 443 : 80));
    const tunnel = await routes.openTunnel(hostname.replace(/^\[|\]$/g, ""), portNumber);
    try {
      const plain = { ...hop, url: `http://${host}${pathname}${search}` };
      return await fetchHead(plain, request, tunnel.client);
    } catch (cause) {
      throw explain(hop, request, tunnel.takeFailure() ?? cause);
    }
  }

  async function fetchHead(
    hop: RedirectedRequest,
    request: HttpRequest,
    client: Deno.HttpClient,
  ): Promise<Response> {
    const limit = {
      what: `an answer from ${new URL(hop.url).host}`,
      ms: request.headLimitMs ?? HEAD_LIMIT_MS,
      signal: request.signal,
    };
    return await withDeadline(sys, limit, (signal) =>
      sys.fetch(hop.url, {
        method: hop.method,
        headers: hop.headers,
        ...(hop.body === undefined ? {} : { body: hop.body }),
        // By hand, for fetch would take headers along that belong to the first host.
        redirect: "manual",
        signal,
        client,
      }));
  }

  function explain(hop: RedirectedRequest, request: HttpRequest, cause: unknown): unknown {
    if (request.signal?.aborted || !(cause instanceof TypeError || isNodeError(cause))) {
      return cause;
    }
    const failure = classifyFailure(cause);
    const proxy = chooseProxy(hop.url, options.proxy ?? {});
    const target = hostPort(hop.url) + (proxy ? ` (through the proxy ${hostPort(proxy)})` : "");
    // Without its cause: that text names the whole URL, and a signed one is a secret.
    const reason = redactText(renderFailure(failure, target));
    return failed(hop, 0, isPassing(failure), reason, chooseHint(failure, sys.clock.now()));
  }

  return { send, [Symbol.asyncDispose]: () => routes[Symbol.asyncDispose]() };
}

/** Of a URL in a message. */
const URL_LENGTH = 1000;

function failed(
  hop: RedirectedRequest,
  status: number,
  retryable: boolean,
  reason: string,
  hint?: string,
): HttpError {
  const url = quoteForeign(redactText(hop.url), URL_LENGTH);
  const message = `Cannot ${hop.method} ${url}: ${reason}`;
  return new HttpError(hop.method, url, status, retryable, message, hint ? { hint } : {});
}

/** Host and port of a URL, the port always written: it is half of what may be wrong. */
export function hostPort(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}

function isNodeError(error: unknown): boolean {
  return error instanceof Error && "code" in error;
}
