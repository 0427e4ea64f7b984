/** Which proxy a request goes through. */

/** Proxy URLs such as `http://user:password@10.0.0.1:3128`; undefined: none. */
export interface ProxySettings {
  /** For http: URLs. */
  readonly http?: string | undefined;
  /** For https: URLs. */
  readonly https?: string | undefined;
  /** Hosts that are reached without: names (and what ends in them), addresses, CIDR, `*`. */
  readonly no?: readonly string[];
}

/** Chooses the proxy for a URL; undefined: connect directly. */
export function chooseProxy(url: string, settings: ProxySettings): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const proxy = protocol === "https:" ? settings.https : settings.http;
  if (!proxy) return undefined;
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  // The other side of a proxy has a loopback of its own.
  if (host === "localhost" || host === "::1" || host.startsWith("127.")) return undefined;
  const direct = (settings.no ?? []).some((entry) => isCovered(host, port, entry));
  return direct ? undefined : proxy;
}

function isCovered(host: string, port: string, entry: string): boolean {
  const text = entry.trim().toLowerCase();
  if (text === "*") return true;
  const [network, bits] = text.split("/");
  if (bits !== undefined) return isInNetwork(host, network ?? "", Number(bits));
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text);
  // Without brackets several colons are an IPv6 address.
  const name = (match?.[1] ?? match?.[2] ?? text).replace(/^\*?\./, "");
  if (name === "") return false;
  if (match?.[3] !== undefined && match[3] !== port) return false;
  return host === name || host.endsWith(`.${name}`);
}

/** IPv4 only: IPv6 networks have no use in lists that people write by hand. */
function isInNetwork(host: string, network: string, bits: number): boolean {
  const [address, base] = [parseIpv4(host), parseIpv4(network)];
  if (address === undefined || base === undefined || !(bits >= 0 && bits <= 32)) return false;
  const span = 2 ** (32 - bits);
  return Math.floor(address / span) === Math.floor(base / span);
}

function parseIpv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
