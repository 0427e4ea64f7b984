/** The registries of one program: their connections, tokens and warnings are shared. */
import { describe } from "../errors.ts";
import { type HttpClient, openHttpClient } from "../http/client.ts";
import type { ProxySettings } from "../http/proxy.ts";
import { isRetryable, type OnRetry, PATIENT, type RetryPolicy } from "../http/retry.ts";
import type { Logger } from "../log.ts";
import type { System } from "../sys/system.ts";
import type { BlobOptions } from "./blob.ts";
import type { FindCredential } from "./credentials.ts";
import { type Endpoint, planEndpoints } from "./endpoint.ts";
import { openForeignBlob } from "./foreign_blob.ts";
import type { Descriptor } from "./image.ts";
import type { RegistryReference } from "./reference.ts";
import { openRegistry, type Registry } from "./registry.ts";
import type { RegistrySettings } from "./registry_settings.ts";
import { openSlots, type Slots } from "./slots.ts";
import type { TokenCache } from "./token.ts";
import { parseWarnings } from "./warning.ts";

export type PullLog = Pick<Logger, "info" | "warn">;

export interface RegistriesOptions {
  /** Default: nothing special about any registry. */
  readonly settings?: readonly RegistrySettings[];
  /** Default: anonymous everywhere. */
  readonly findCredential?: FindCredential;
  /** PEM texts: roots in addition to Mozilla's, for every registry. */
  readonly caCerts?: readonly string[];
  readonly proxy?: ProxySettings;
  /** Layers that are fetched at once, over all images. Default: 3. */
  readonly jobs?: number;
  readonly log?: PullLog | undefined;
}

/** Dispose them: connections are closed. */
export interface Registries extends AsyncDisposable {
  /** Where a repository can be had, in the order to ask: mirrors first, itself last. */
  open(reference: RegistryReference, tlsVerify: boolean): readonly Registry[];
  /** Opens a layer at a URL outside of any registry: https only, and as nobody. */
  openForeign(
    url: string,
    descriptor: Descriptor,
    options: BlobOptions,
  ): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** For the layers. */
  readonly slots: Slots;
}

const JOBS = 3;
/** A mirror is passed over rather than waited for. */
const MIRROR_POLICY: RetryPolicy = { tries: 2, firstDelayMs: 500, capMs: 500 };
const BAD_REQUEST = 400;
/** For the question whether there is https at all. */
const PROBE_LIMIT_MS = 10_000;

/** Opens them; nothing is connected before it is needed. */
export function openRegistries(sys: System, options: RegistriesOptions = {}): Registries {
  const { log } = options;
  const clients = new Map<string, HttpClient>();
  const bases = new Map<string, Promise<string>>();
  const cache: TokenCache = new Map();
  const told = new Set<string>();

  const tellOnce = (text: string) => {
    if (told.has(text)) return;
    told.add(text);
    log?.warn(text);
  };

  const onRetry: OnRetry = ({ error, attempt, tries, delayMs }) => {
    const next = `try ${attempt + 1} of ${tries} in ${(delayMs / 1000).toFixed(1)} s`;
    log?.info(`${describe(error).split("\n")[0]}; ${next}`);
  };

  function clientFor(extraCerts: readonly string[]): HttpClient {
    const caCerts = [...options.caCerts ?? [], ...extraCerts];
    const key = caCerts.join("\n");
    const client = clients.get(key) ??
      openHttpClient(sys, { caCerts, proxy: options.proxy ?? {}, onUnverified: tellOnce });
    clients.set(key, client);
    return client;
  }

  async function probe(endpoint: Endpoint, http: HttpClient): Promise<string> {
    const failures: unknown[] = [];
    let elsewhere: string | undefined;
    for (const url of endpoint.baseUrls) {
      try {
        const { insecure } = endpoint;
        const answer = await http.send({
          ...{ url: `${url}/v2/`, insecure, headLimitMs: PROBE_LIMIT_MS },
        });
        await answer.response.body?.cancel();
        // What servers that want TLS say to plain http: a bad request, or come again over https.
        if (answer.response.status === BAD_REQUEST) continue;
        if (answer.url.startsWith(url)) return url;
        elsewhere = url;
      } catch (error) {
        failures.push(error);
      }
    }
    elsewhere ??= failures.length === 0 ? endpoint.baseUrls[0] : undefined;
    if (elsewhere !== undefined) return elsewhere;
    // What may pass is worth another try, whatever the other question came to.
    throw failures.find(isRetryable) ?? failures[0];
  }

  function findBase(endpoint: Endpoint, http: HttpClient): Promise<string> {
    const [first = "", ...others] = endpoint.baseUrls;
    if (others.length === 0) return Promise.resolve(first);
    const known = bases.get(first);
    if (known) return known;
    const base = probe(endpoint, http);
    bases.set(first, base);
    // What failed once may work on the next try.
    base.catch(() => bases.delete(first));
    return base;
  }

  return {
    slots: openSlots(options.jobs ?? JOBS),
    openForeign: (url, descriptor, blob) =>
      openForeignBlob(sys, clientFor([]), url, descriptor, { ...blob, onRetry }),
    open(reference, tlsVerify) {
      const { host, path } = reference;
      return planEndpoints(host, options.settings ?? [], tlsVerify).map((endpoint) => {
        const http = clientFor(endpoint.caCerts);
        return openRegistry(sys, endpoint, {
          http,
          name: `${host}/${path}`,
          path,
          identity: {
            host: endpoint.host,
            scope: `repository:${path}:pull`,
            credential: options.findCredential?.(endpoint.host, path),
            insecure: endpoint.insecure,
            cache,
          },
          policy: endpoint.mirrorOf ? MIRROR_POLICY : PATIENT,
          findBase: () => findBase(endpoint, http),
          onRetry,
          onWarning: (header) => {
            for (const text of parseWarnings(header)) tellOnce(`${endpoint.host} says: ${text}`);
          },
        });
      });
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients.values()) await client[Symbol.asyncDispose]();
    },
  };
}
