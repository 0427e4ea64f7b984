/** One repository at one place: the pulling half of the distribution-spec. */
import { AgentError, type HttpError } from "../errors.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "../http/client.ts";
import { readSmallBody } from "../http/read_small_body.ts";
import { isRetryableStatus, type OnRetry, retry, type RetryPolicy } from "../http/retry.ts";
import type { System } from "../sys/system.ts";
import { type BlobOptions, openBlobStream } from "./blob.ts";
import { checkBytes, digestOf, isDigest } from "./digest.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Descriptor, Digest } from "./image.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { MANIFEST_ACCEPT } from "./media_type.ts";
import { readRegistryError } from "./registry_error.ts";
import { parseTags } from "./tags.ts";
import { fetchAuthorized, type Identity } from "./token.ts";

const MANIFEST_BYTES = 4 << 20;
const CONFIG_BYTES = 4 << 20;
const TAGS_BYTES = 64 * 1024;

export interface FetchedManifest {
  readonly digest: Digest;
  readonly manifest: Manifest;
  /** Bytes as they came; what a signature would be for. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Registry {
  readonly endpoint: Endpoint;
  /** What a tag points to; undefined when the registry does not tell without the whole answer. */
  fetchDigest(tag: string, policy: RetryPolicy, signal?: AbortSignal): Promise<Digest | undefined>;
  /**
   * @param reference tag or digest; a digest is checked
   * @param size bytes, when an index has told
   */
  fetchManifest(reference: string, size?: number, signal?: AbortSignal): Promise<FetchedManifest>;
  /** A small blob, verified. */
  fetchConfig(descriptor: Descriptor, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** A large blob: verified while it passes, resumed where it is cut. */
  openBlob(descriptor: Descriptor, options?: BlobOptions): ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** What registries of one program have in common. */
export interface RegistryContext {
  readonly http: HttpClient;
  /** Of the image, without tag: `docker.io/library/alpine`. */
  readonly name: string;
  readonly path: string;
  readonly identity: Identity;
  readonly policy: RetryPolicy;
  /** The base URL that answers; throws HttpError when none does. */
  readonly findBase: (signal?: AbortSignal) => Promise<string>;
  readonly onRetry?: OnRetry | undefined;
  /** Text of a `Warning: 299` header. */
  readonly onWarning: (header: string) => void;
}

export function openRegistry(sys: System, endpoint: Endpoint, context: RegistryContext): Registry {
  const { http, name, path, identity, policy, onRetry } = context;

  async function send(
    place: string,
    request: Omit<HttpRequest, "url">,
    query: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer> {
    const url = new URL(`${await context.findBase(request.signal)}/v2/${path}/${place}`);
    if (endpoint.mirrorOf) url.searchParams.set("ns", endpoint.mirrorOf);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const full = { ...request, url: url.href, insecure: endpoint.insecure };
    const answer = await fetchAuthorized(sys, http, full, identity);
    const warning = answer.response.headers.get("warning");
    if (warning) context.onWarning(warning);
    return answer;
  }

  function failed(
    method: string,
    what: string,
    answer: HttpAnswer,
    hint?: string,
  ): Promise<HttpError> {
    const loggedIn = identity.credential !== undefined;
    return readRegistryError(sys, answer, { method, what, host: endpoint.host, loggedIn, hint });
  }

  function again<T>(attempt: () => Promise<T>, signal?: AbortSignal, tries = policy): Promise<T> {
    return retry(sys, tries, attempt, { signal, onRetry });
  }

  async function fetchManifestOnce(
    reference: string,
    size: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<FetchedManifest> {
    const shown = `${name}${isDigest(reference) ? "@" : ":"}${reference}`;
    const what = `manifest of ${shown}`;
    if (size !== undefined && size > MANIFEST_BYTES) {
      throw new AgentError(`Cannot read ${what}: it is larger than ${MANIFEST_BYTES} bytes`);
    }
    const answer = await send(`manifests/${reference}`, {
      headers: { accept: MANIFEST_ACCEPT },
      signal,
    });
    const { response } = answer;
    if (response.status !== 200) throw await describeMissing(shown, answer, signal);
    const bytes = await readSmallBody(sys, response, { limit: MANIFEST_BYTES, what, signal });
    const digest = digestOf(bytes);
    // Of a tag the registry itself tells; what a digest asked for decides by itself.
    const told = response.headers.get("docker-content-digest");
    const wanted = isDigest(reference) ? reference : told ?? digest;
    checkBytes(what, bytes, { digest: wanted, size: size ?? bytes.length });
    const manifest = parseManifest(what, bytes, response.headers.get("content-type"));
    return { digest, manifest, bytes };
  }

  /** A wrong tag is the most common mistake, so the error names the right ones. */
  async function describeMissing(
    what: string,
    answer: HttpAnswer,
    signal: AbortSignal | undefined,
  ): Promise<HttpError> {
    const helpful = answer.response.status === 404 && !endpoint.mirrorOf;
    const tags = helpful ? await fetchTags(signal).catch(() => []) : [];
    const hint = tags.length > 0 ? `tags there: ${tags.join(", ")}` : undefined;
    return await failed("GET", what, answer, hint);
  }

  async function fetchTags(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const { response } = await send("tags/list", { signal }, { n: "100" });
    if (response.status !== 200) {
      await response.body?.cancel();
      return [];
    }
    const limits = { limit: TAGS_BYTES, what: `tags of ${name}`, signal };
    return parseTags(await readSmallBody(sys, response, limits));
  }

  return {
    endpoint,
    fetchDigest: (tag, tries, signal) =>
      again(
        async () => {
          const answer = await send(`manifests/${tag}`, {
            method: "HEAD",
            headers: { accept: MANIFEST_ACCEPT },
            signal,
          });
          const { response } = answer;
          await response.body?.cancel();
          if (isRetryableStatus(response.status)) {
            throw await failed("HEAD", `${name}:${tag}`, answer);
          }
          // Whatever else is wrong, GET says it better: HEAD has no body.
          const digest = response.status === 200
            ? response.headers.get("docker-content-digest")
            : null;
          return isDigest(digest) ? digest : undefined;
        },
        signal,
        tries,
      ),
    fetchManifest: (reference, size, signal) =>
      again(() => fetchManifestOnce(reference, size, signal), signal),
    fetchConfig: async (descriptor, signal) => {
      const what = `config of ${name}`;
      if (descriptor.size > CONFIG_BYTES) {
        throw new AgentError(`Cannot read ${what}: it is larger than ${CONFIG_BYTES} bytes`);
      }
      return await again(async () => {
        const answer = await send(`blobs/${descriptor.digest}`, { signal });
        const { response } = answer;
        if (response.status !== 200) throw await failed("GET", what, answer);
        const bytes = await readSmallBody(sys, response, { limit: CONFIG_BYTES, what, signal });
        checkBytes(what, bytes, descriptor);
        return bytes;
      }, signal);
    },
    openBlob: (descriptor, options = {}) => {
      const what = `layer ${descriptor.digest} of ${name}`;
      return openBlobStream(sys, descriptor, {
        ...{ what, policy, onRetry },
        send: (headers, signal) => send(`blobs/${descriptor.digest}`, { headers, signal }),
        explain: (answer) => failed("GET", what, answer),
      }, options);
    },
  };
}
