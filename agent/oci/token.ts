/**
 * Proving who asks (distribution-spec, token authentication; RFC 7617 for Basic).
 *
 * 1. Ask without anything, or with what worked before.
 * 2. A 401 names challenges: Bearer with the realm where tokens are, or Basic.
 * 3. Bearer: GET the realm with service and scope, and with the login as Basic if there is one;
 *    or POST it an identity token. The answer holds a token.
 * 4. Ask again, once.
 */
import { RegistryError } from "../errors.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "../http/client.ts";
import { readSmallBody } from "../http/read_small_body.ts";
import { quoteForeign } from "../quote_foreign.ts";
import { redactText } from "../redact.ts";
import type { System } from "../sys/system.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import type { Credential } from "./credentials.ts";
import { chooseRealmRefusal } from "./realm.ts";
import { readRegistryError } from "./registry_error.ts";
import { parseTokenResponse } from "./token_response.ts";

const TOKEN_BYTES = 1 << 20;
/** A token is not used when it might expire on the way. */
const MARGIN_MS = 10_000;

/** Headers that worked, by host and scope. Shared by everything that one program pulls. */
export type TokenCache = Map<string, { readonly header: string; readonly until: number }>;

export interface Identity {
  /** Of the registry, as references write it. */
  readonly host: string;
  /** `repository:library/alpine:pull` */
  readonly scope: string;
  readonly credential: Credential | undefined;
  readonly insecure: boolean;
  readonly cache: TokenCache;
}

/**
 * Sends a request to a registry with what it asks for as proof.
 * @returns the answer, which is a 401 again when nothing that we have is accepted
 * @throws RegistryError when the challenge must not or cannot be answered, or no token is given
 */
export async function fetchAuthorized(
  sys: System,
  http: HttpClient,
  request: HttpRequest,
  identity: Identity,
): Promise<HttpAnswer> {
  const { origin } = new URL(request.url);
  const key = `${origin} ${identity.scope}`;
  const known = identity.cache.get(key);
  const usable = known && known.until > sys.clock.uptime() ? known.header : undefined;
  const answer = await http.send(withAuthorization(request, usable));
  // Another host's challenge, after a redirect, is not for us to answer.
  if (answer.response.status !== 401 || new URL(answer.url).origin !== origin) return answer;
  identity.cache.delete(key);
  const challenges = parseChallenges(answer.response.headers.get("www-authenticate"));
  const proof = await obtainProof(sys, http, request, identity, challenges);
  if (!proof) return answer;
  await answer.response.body?.cancel();
  identity.cache.set(key, proof);
  return await http.send(withAuthorization(request, proof.header));
}

function withAuthorization(request: HttpRequest, header: string | undefined): HttpRequest {
  return header ? { ...request, headers: { ...request.headers, authorization: header } } : request;
}

async function obtainProof(
  sys: System,
  http: HttpClient,
  request: HttpRequest,
  identity: Identity,
  challenges: readonly Challenge[],
): Promise<{ readonly header: string; readonly until: number } | undefined> {
  const bearer = challenges.find(({ scheme, params }) =>
    scheme === "bearer" && params.has("realm")
  );
  if (bearer) {
    const { token, lifetimeMs } = await fetchToken(sys, http, request, identity, bearer.params);
    return { header: `Bearer ${token}`, until: sys.clock.uptime() + lifetimeMs - MARGIN_MS };
  }
  const { credential } = identity;
  if (credential?.kind === "password" && challenges.some(({ scheme }) => scheme === "basic")) {
    return { header: renderBasic(credential.user, credential.password), until: Infinity };
  }
  return undefined;
}

async function fetchToken(
  sys: System,
  http: HttpClient,
  request: HttpRequest,
  identity: Identity,
  params: ReadonlyMap<string, string>,
) {
  const { host, credential, insecure } = identity;
  const realm = params.get("realm") ?? "";
  const secret = credential !== undefined;
  const refusal = chooseRealmRefusal(realm, request.url, { insecure, secret });
  if (refusal) {
    const url = redactText(request.url);
    throw new RegistryError("GET", url, 401, false, [], `Cannot log in at ${host}: ${refusal}`);
  }
  const query = {
    service: params.get("service"),
    scope: params.get("scope") ?? identity.scope,
  };
  const shared = { insecure, signal: request.signal };
  const answer = await http.send({ ...planTokenRequest(realm, query, credential), ...shared });
  const what = `token from ${quoteForeign(new URL(realm).host)}`;
  if (answer.response.status !== 200) {
    throw await readRegistryError(sys, answer, {
      ...{ method: "GET", what, host, loggedIn: secret },
    });
  }
  const limits = { limit: TOKEN_BYTES, what, signal: request.signal };
  return parseTokenResponse(what, await readSmallBody(sys, answer.response, limits));
}

/** The request for a token: GET, or POST for an identity token (RFC 6749, 6). */
export function planTokenRequest(
  realm: string,
  query: { readonly service: string | undefined; readonly scope: string },
  credential: Credential | undefined,
): HttpRequest {
  if (credential?.kind === "identity") {
    const form = new URLSearchParams({
      grant_type: "refresh_token",
      client_id: "boot2container",
      ...(query.service === undefined ? {} : { service: query.service }),
      scope: query.scope,
      refresh_token: credential.token,
    });
    return {
      method: "POST",
      url: realm,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
    };
  }
  const url = new URL(realm);
  if (query.service !== undefined) url.searchParams.set("service", query.service);
  // A challenge may name several scopes; each is a parameter of its own.
  for (const scope of query.scope.split(" ").filter((text) => text !== "")) {
    url.searchParams.append("scope", scope);
  }
  if (!credential) return { url: url.href };
  return {
    url: url.href,
    headers: { authorization: renderBasic(credential.user, credential.password) },
  };
}

function renderBasic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
}
