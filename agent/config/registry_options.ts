/** `b2c.registry`, `b2c.login`, `b2c.ca`, `b2c.verify`. */
import { parseHostAndPort, parseUrl } from "./addresses.ts";
import type { CertificateSource, LoginConfig, RegistryConfig, VerifyRule } from "./config.ts";
import { type Located, sliceLocated, splitLocated, trimLocated } from "./located.ts";
import { splitDigest } from "./network_options.ts";
import {
  listFlag,
  listItems,
  type ListOption,
  parseOptionList,
  splitItems,
} from "./option_list.ts";
import type { Report } from "./problem_collector.ts";
import { parsePath, parseText } from "./values.ts";

interface RegistryDraft {
  insecure: boolean;
  mirrors: string[];
  certificates: string[];
}

const REGISTRY_OPTIONS: readonly ListOption<RegistryDraft>[] = [
  listFlag("insecure", "insecure"),
  listItems("mirror", "mirrors", parseUrl("https", "http")),
  listItems("ca", "certificates", parseCertificatePlace),
];

/** `HOST[,insecure][,mirror=URL]*[,ca=PATH|URL]*`; the host `*` stands for all. */
export function parseRegistry(value: Located, report: Report): RegistryConfig | undefined {
  const before = report.errors;
  const [first = value, ...rest] = splitItems(value);
  const host = first.text === "*" ? "*" : parseHostAndPort(first, report);
  const draft: RegistryDraft = { insecure: false, mirrors: [], certificates: [] };
  parseOptionList(rest, REGISTRY_OPTIONS, draft, report);
  return host === undefined || report.errors > before ? undefined : { host, ...draft };
}

/** Adds what is said of a registry to what was said of it before. */
export function mergeRegistry(registries: RegistryConfig[], added: RegistryConfig): void {
  const at = registries.findIndex(({ host }) => host === added.host);
  const known = registries[at];
  if (!known) registries.push(added);
  else {
    registries[at] = {
      host: known.host,
      insecure: known.insecure || added.insecure,
      mirrors: [...known.mirrors, ...added.mirrors],
      certificates: [...known.certificates, ...added.certificates],
    };
  }
}

/** `HOST,user,password`, the password as it is up to the end, or `HOST,@FILE`. */
export function parseLogin(value: Located, report: Report): LoginConfig | undefined {
  hidePassword(value, report);
  const [first = value, second, third] = splitLocated(value, ",", 3).map(trimLocated);
  const host = parseHostAndPort(first, report);
  if (second?.text.startsWith("@") && !third) {
    const path = parsePath("a file with the login")(sliceLocated(second, 1), report);
    return host === undefined || path === undefined ? undefined : { kind: "file", host, path };
  }
  if (!second?.text || !third?.text) {
    const missing = second?.text ? "password" : "user";
    return report.error(value, `{} has no ${missing}`, "write HOST,USER,PASSWORD or HOST,@FILE");
  }
  if (host === undefined) return undefined;
  return { kind: "password", host, user: second.text, password: third.text };
}

/** Whatever comes after the user is secret; where commas are missing, what comes after the host. */
function hidePassword(value: Located, report: Report): void {
  const [, second, third] = splitLocated(value, ",", 3);
  if (third) report.secret(third);
  else if (second && !second.text.trimStart().startsWith("@")) report.secret(second);
  else if (!second) {
    const host = /^[A-Za-z0-9.-]*(?::\d+(?![^:\s|;/]))?/.exec(value.text)?.[0].length ?? 0;
    report.secret(sliceLocated(value, host));
  }
}

/** The path of a file, or a URL with `,sha256=HEX`. */
export function parseCertificate(value: Located, report: Report): CertificateSource | undefined {
  const before = report.errors;
  const { url, sha256 } = splitDigest(value, report);
  const source = parseCertificatePlace(url, report);
  if (source === undefined || report.errors > before) return undefined;
  if (sha256 === undefined && !source.startsWith("/")) {
    // Whoever answers for the URL would be trusted for everything.
    return report.error(value, "{} has no digest to check it by", "add ,sha256=HEX");
  }
  return { source, sha256 };
}

function parseCertificatePlace(value: Located, report: Report): string | undefined {
  if (/^[a-z]+:/i.test(value.text)) return parseUrl("https", "http")(value, report);
  return parsePath("a certificate")(value, report);
}

/** `PATTERN,key=PATH`, `PATTERN,accept`, `PATTERN,deny`. */
export function parseVerifyRule(value: Located, report: Report): VerifyRule | undefined {
  const [first = value, second, ...rest] = splitItems(value);
  const pattern = parseText("a pattern of image names")(first, report);
  const hint = "write PATTERN,key=PATH or PATTERN,accept or PATTERN,deny";
  const extra = rest[0];
  if (extra) return report.error(extra, "{} is one word too many", hint);
  if (!second) return report.error(value, "{} says nothing about the images", hint);
  if (pattern === undefined) return undefined;
  const word = second.text;
  if (word === "accept" || word === "deny") return { pattern, verdict: { kind: word } };
  if (!word.startsWith("key=")) return report.error(second, "{} is no verdict", hint);
  const path = parsePath("a public key")(sliceLocated(second, "key=".length), report);
  return path === undefined ? undefined : { pattern, verdict: { kind: "key", path } };
}
