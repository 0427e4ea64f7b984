/** What it means when fetch fails without an answer. */

export type ConnectFailure =
  /** The name does not resolve. */
  | { readonly kind: "dns" }
  | { readonly kind: "refused" }
  /** No route, or the network is down. */
  | { readonly kind: "unreachable" }
  /** The connection broke. */
  | { readonly kind: "reset" }
  /** The certificate is not accepted. */
  | { readonly kind: "certificate"; readonly reason: string }
  /** TLS failed for another reason; often the server speaks plain http. */
  | { readonly kind: "tls" }
  /** The answer is not HTTP. */
  | { readonly kind: "garbled" }
  | { readonly kind: "other"; readonly reason: string };

/**
 * rustls' names (webpki's error enumeration) and OpenSSL's, for node:tls uses those, as a person
 * would say them. First match wins.
 */
const CERTIFICATE_REASONS: readonly (readonly [RegExp, string])[] = [
  [/UnknownIssuer|unable to (get|verify)|self.signed/i, "no trusted authority signed it"],
  [/NotValidForName|not valid for name|certificate not valid for/i, "it is for another name"],
  [/NotValidYet|not valid yet/i, "it is not valid yet"],
  [/Expired/i, "it has expired"],
  [/CaUsedAsEndEntity/i, "it is an authority's certificate, used as a server's"],
  [/Revoked/i, "it was revoked"],
];

/** Ordered: the first pattern that a message of the chain matches decides. */
const KINDS: readonly (readonly [RegExp, ConnectFailure])[] = [
  [/dns error|failed to lookup address|ENOTFOUND|EAI_AGAIN/i, { kind: "dns" }],
  [/Connection refused|ECONNREFUSED/i, { kind: "refused" }],
  [
    /Network is (unreachable|down)|No route to host|Host is (unreachable|down)|EHOSTUNREACH|ENETUNREACH/i,
    { kind: "unreachable" },
  ],
  [/InvalidContentType|HandshakeFail|fatal alert|handshake eof|corrupt message/i, { kind: "tls" }],
  [
    /connection (reset|closed|aborted)|ECONNRESET|broken pipe|EPIPE|reading a body|unexpected (eof|end)|IncompleteMessage/i,
    { kind: "reset" },
  ],
  [/invalid HTTP|parse error|parsed/i, { kind: "garbled" }],
];

/** Classifies by the messages of an error and its causes: Deno gives nothing else. */
export function classifyFailure(error: unknown): ConnectFailure {
  const messages: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    messages.push(at.message);
  }
  const text = messages.join("; ");
  const certificate = /invalid peer certificate: (.*)/is.exec(text);
  if (certificate) {
    const detail = certificate[1] ?? "";
    const known = CERTIFICATE_REASONS.find(([pattern]) => pattern.test(detail));
    return { kind: "certificate", reason: known?.[1] ?? detail };
  }
  return KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? { kind: "other", reason: text };
}

/** True when the same connection may work later. */
export function isPassing(failure: ConnectFailure): boolean {
  return failure.kind !== "certificate" && failure.kind !== "tls" && failure.kind !== "garbled";
}

/** The failure in words, such as `connection refused by 10.0.2.2:5000`. */
export function renderFailure(failure: ConnectFailure, hostPort: string): string {
  switch (failure.kind) {
    case "dns":
      return `no address is known for ${hostPort}`;
    case "refused":
      return `connection refused by ${hostPort}`;
    case "unreachable":
      return `no route to ${hostPort}`;
    case "reset":
      return `${hostPort} broke the connection`;
    case "certificate":
      return `the certificate of ${hostPort} is not accepted: ${failure.reason}`;
    case "tls":
      return `${hostPort} does not complete a TLS handshake`;
    case "garbled":
      return `${hostPort} does not answer with HTTP`;
    case "other":
      return failure.reason || `${hostPort} cannot be reached`;
  }
}

/** Before this, a clock is wrong, and certificates fail for that. */
const PLAUSIBLE_SINCE_MS = Date.UTC(2024, 0, 1);

/** What the user can do about it; undefined: nothing beyond the message. */
export function chooseHint(failure: ConnectFailure, nowMs: number): string | undefined {
  switch (failure.kind) {
    case "certificate":
      if (nowMs < PLAUSIBLE_SINCE_MS) {
        const clock = new Date(nowMs).toISOString();
        return `the clock is wrong, it says ${clock}: b2c.ntp_peer=auto sets it`;
      }
      return "b2c.ca adds an authority's certificate; --tls-verify=false does without one";
    case "tls":
      return "a server that speaks plain http needs --tls-verify=false or b2c.registry=HOST,insecure";
    case "dns":
      return "check the name, and the name servers that DHCP or b2c.iface gave";
    default:
      return undefined;
  }
}
