/** Where a redirect leads, and what may go there (RFC 9110, 15.4). */

import { quoteForeign } from "../quote_foreign.ts";

/** The parts of a request that a redirect can change. */
export interface RedirectedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export type RedirectPlan =
  | { readonly kind: "follow"; readonly request: RedirectedRequest }
  | { readonly kind: "refuse"; readonly reason: string };

export interface RedirectRules {
  /** True where the user gave up TLS verification: a step from https to http takes nothing then. */
  readonly plainAllowed: boolean;
}

/** More than any registry needs; browsers give up at 20. */
export const REDIRECT_LIMIT = 10;

/** Headers that prove who asks: for the host that they were made for, and no other. */
const PRIVATE_HEADERS = new Set(["authorization", "cookie", "proxy-authorization"]);

/** True for an answer that leads somewhere else. */
export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/**
 * Plans the request that follows a redirect.
 * @param location the Location header: absolute, or relative to the request's URL
 */
export function planRedirect(
  request: RedirectedRequest,
  status: number,
  location: string | null,
  rules: RedirectRules,
): RedirectPlan {
  if (!location) return { kind: "refuse", reason: "it redirects without saying where" };
  const from = new URL(request.url);
  let to: URL;
  try {
    to = new URL(location, from);
  } catch {
    return { kind: "refuse", reason: "it redirects to something that is no URL" };
  }
  if (to.protocol !== "http:" && to.protocol !== "https:") {
    return {
      kind: "refuse",
      reason: `it redirects to ${quoteForeign(to.protocol)}, which is not http`,
    };
  }
  if (from.protocol === "https:" && to.protocol === "http:" && !rules.plainAllowed) {
    return { kind: "refuse", reason: `it redirects from https to http (${quoteForeign(to.host)})` };
  }
  // A user name in a Location would be an identity that the other side has chosen for us.
  to.username = to.password = "";
  to.hash = "";
  const isSameOrigin = from.origin === to.origin;
  // 303 always, and 301 and 302 for POST as everyone does it: ask with GET for the result.
  const becomesGet = request.method !== "HEAD" &&
    (status === 303 || (request.method === "POST" && (status === 301 || status === 302)));
  if (request.body !== undefined && !becomesGet && !isSameOrigin) {
    return {
      kind: "refuse",
      reason: `it redirects what was posted to another host (${quoteForeign(to.host)})`,
    };
  }
  return {
    kind: "follow",
    request: {
      method: becomesGet ? "GET" : request.method,
      url: to.href,
      headers: isSameOrigin ? request.headers : withoutPrivate(request.headers),
      body: becomesGet ? undefined : request.body,
    },
  };
}

function withoutPrivate(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !PRIVATE_HEADERS.has(name.toLowerCase())),
  );
}
