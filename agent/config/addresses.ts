/** Parsers of network addresses, hosts and URLs. */
import { isIP, isIPv4, isIPv6 } from "node:net";
import { type Located, sliceLocated, trimLocated } from "./located.ts";
import type { Report } from "./problem_collector.ts";
import type { ParseValue } from "./values.ts";

/** RFC 1123 names, plus `_`, which Linux takes too; at most 64 bytes (sethostname(2)). */
const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?$/;
const DNS_NAME = /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/;
const MAC_ADDRESS = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i;

/** An IPv4 or IPv6 address, the latter with or without brackets; returned without. */
export function parseIp(value: Located, report: Report): string | undefined {
  const address = withoutBrackets(value.text);
  if (isIP(address) !== 0) return address;
  return report.error(value, "{} is not an IP address", "such as 10.0.0.1, 2001:db8::1");
}

/** An address with its prefix length: `10.0.0.2/24`. */
export function parseCidr(value: Located, report: Report): string | undefined {
  const [, text = "", length = ""] = /^(.*?)(?:\/(\d{1,3}))?$/s.exec(value.text) ?? [];
  const address = withoutBrackets(text);
  const version = isIP(address);
  if (version === 0) {
    return report.error(value, "{} is not an address with a prefix length", "such as 10.0.0.2/24");
  }
  if (length === "") {
    const hint = `such as ${address}/${version === 4 ? 24 : 64}`;
    return report.error(value, "{} has no prefix length", hint);
  }
  if (Number(length) > (version === 4 ? 32 : 128)) {
    return report.error(value, `{} has a prefix longer than ${version === 4 ? 32 : 128} bits`);
  }
  return `${address}/${Number(length)}`;
}

/** `host`, an address, or `[IPv6]`, without a port. */
export function parseHost(value: Located, report: Report): string | undefined {
  const host = withoutBrackets(value.text);
  if (isIPv4(host) || isIPv6(host) || DNS_NAME.test(host)) return host;
  return report.error(value, "{} is neither a host name nor an address");
}

/** A registry's `host[:port]`; returned in lower case. */
export function parseHostAndPort(value: Located, report: Report): string | undefined {
  const scheme = /^[a-z][a-z0-9+.-]{0,30}:\/\//i.exec(value.text)?.[0];
  if (scheme) {
    const rest = trimLocated(sliceLocated(value, scheme.length));
    return report.error(
      value,
      "{} is a URL where a host is wanted",
      `write ${report.masked(rest)}`,
    );
  }
  const match = /^(\[[^\]]*\]|[^:\/]*)(?::(\d{1,5}))?$/.exec(value.text);
  const host = match?.[1] ?? "";
  const port = Number(match?.[2] ?? 1);
  const isHost = host.startsWith("[") ? isIPv6(withoutBrackets(host)) : DNS_NAME.test(host);
  if (isHost && port >= 1 && port <= 65535) return value.text.toLowerCase();
  return report.error(value, "{} is not a host, or a host and port", "such as registry.local:5000");
}

/** A name that a machine can have. */
export function parseHostName(value: Located, report: Report): string | undefined {
  if (HOST_NAME.test(value.text)) return value.text;
  return report.error(
    value,
    "{} is not a host name: up to 64 letters, digits, - and . beginning and ending with a letter " +
      "or digit",
  );
}

/** A MAC address, returned in lower case with colons; undefined for anything else. */
export function parseMac(text: string): string | undefined {
  return MAC_ADDRESS.test(text) ? text.toLowerCase().replaceAll("-", ":") : undefined;
}

/** An absolute URL with one of some schemes and a host; returned as written. */
export function parseUrl(...schemes: readonly string[]): ParseValue<string> {
  return (value, report) => {
    const fault = findUrlFault(value.text, schemes);
    if (fault === undefined) return value.text;
    const hint = /^[a-z0-9.-]+(:\d+)?(\/|$)/i.test(value.text)
      ? `write ${schemes[0]}://${report.masked(value)}`
      : undefined;
    return report.error(value, fault, hint);
  };
}

/** What keeps a text from being such a URL, as a message; undefined when nothing does. */
export function findUrlFault(text: string, schemes: readonly string[]): string | undefined {
  // The URL class drops tabs and line ends, and forgives blanks around it.
  // deno-lint-ignore no-control-regex
  if (/[\s\0-\x1f\x7f]/.test(text)) return "the URL {} holds white space or a control character";
  // It also finds a host in http:host and http:///host.
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^\/?#\\]/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && schemes.includes(scheme) && URL.canParse(text)) return undefined;
  return `{} is not a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`;
}

function withoutBrackets(text: string): string {
  return text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
}
