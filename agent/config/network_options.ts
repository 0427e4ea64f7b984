/** `b2c.ntp_peer`, `b2c.extra_args_url`, `b2c.proxy`. */
import { findUrlFault, parseHost, parseUrl } from "./addresses.ts";
import type { ExtraArguments, NtpPeer, ProxyConfig } from "./config.ts";
import { type Located, sliceLocated, splitLocated, trimLocated } from "./located.ts";
import { chooseNearest } from "./nearest.ts";
import { splitItems } from "./option_list.ts";
import type { Report } from "./problem_collector.ts";
import { parsePattern } from "./values.ts";

const PLACEHOLDERS: readonly string[] = ["mac", "ip", "hostname", "uuid", "serial"];

/** `none`, `auto`, or a host. */
export function parseNtpPeer(value: Located, report: Report): NtpPeer | undefined {
  if (value.text === "none" || value.text === "auto") return { kind: value.text };
  const host = parseHost(value, report);
  return host === undefined ? undefined : { kind: "host", host };
}

/** A URL, possibly with placeholders, and `,sha256=HEX`. */
export function parseExtraArguments(value: Located, report: Report): ExtraArguments | undefined {
  const before = report.errors;
  const { url, sha256 } = splitDigest(value, report);
  for (const match of url.text.matchAll(/\$\{([^}]*)(\}?)/g)) {
    const [whole, name = "", brace] = match;
    if (PLACEHOLDERS.includes(name) && brace !== "") continue;
    const known = PLACEHOLDERS.map((word) => `\${${word}}`).join(", ");
    const near = chooseNearest(name, PLACEHOLDERS);
    report.error(
      sliceLocated(url, match.index, match.index + whole.length),
      `{} is no placeholder: known are ${known}`,
      near && `write \${${near}}`,
    );
  }
  // Filled in first: braces are not allowed everywhere in a URL, such as in its host.
  const fault = findUrlFault(url.text.replace(/\$\{[^}]*\}?/g, "x"), ["http", "https"]);
  if (report.errors === before && fault !== undefined) report.error(url, fault);
  return report.errors > before ? undefined : { url: url.text, sha256 };
}

/** Takes a `,sha256=HEX` off the end of a value; the digest comes back in lower case. */
export function splitDigest(
  value: Located,
  report: Report,
): { url: Located; sha256: string | undefined } {
  const match = /,\s*sha256=([^,]*)$/i.exec(value.text);
  if (!match) return { url: value, sha256: undefined };
  const digest = sliceLocated(value, value.text.length - (match[1] ?? "").length);
  const sha256 = parsePattern(/^[0-9a-f]{64}$/i, "{} is not a SHA-256 digest: 64 hex digits")(
    digest,
    report,
  );
  return { url: sliceLocated(value, 0, match.index), sha256: sha256?.toLowerCase() };
}

const parseProxyUrl = parseUrl("http", "https", "socks5");
const parseExcluded = parsePattern(
  /^[A-Za-z0-9.*_:[\]/-]+$/,
  "{} is not a host, domain or network",
);

/**
 * `https=URL`, `http=URL`, `no=LIST`, several between commas; a list goes on over commas or `|`.
 * @returns what this value says; undefined fields are left as they were
 */
export function parseProxy(value: Located, report: Report): ProxyConfig | undefined {
  const before = report.errors;
  const proxy: { http: string | undefined; https: string | undefined; no: string[] } = {
    http: undefined,
    https: undefined,
    no: [],
  };
  let isList = false;
  for (const item of splitItems(value)) {
    const [, key, text = ""] = /^(https?|no)=(.*)$/s.exec(item.text) ?? [];
    const rest = sliceLocated(item, item.text.length - text.length);
    if (key === "http" || key === "https") {
      proxy[key] = parseProxyUrl(rest, report);
      isList = false;
    } else if (key === "no" || isList) {
      const hosts = key === "no" ? rest : item;
      isList = true;
      proxy.no.push(...parseExcludedHosts(hosts, report));
    } else {
      report.error(item, "{} is no proxy", "write https=URL, http=URL or no=HOST|DOMAIN");
    }
  }
  return report.errors > before ? undefined : proxy;
}

function parseExcludedHosts(hosts: Located, report: Report): readonly string[] {
  return splitLocated(hosts, "|").flatMap((host) => parseExcluded(trimLocated(host), report) ?? []);
}
