/** What a DHCP server handed out. */

/** An IPv4 lease. */
export interface Lease {
  readonly link: string;
  readonly address: string;
  /** Bits of the network part. */
  readonly prefix: number;
  /** Option 3, in the server's order. */
  readonly routers: readonly string[];
  /** Option 6. */
  readonly nameServers: readonly string[];
  /** Option 15 (one name) or 119 (a list). */
  readonly searchDomains: readonly string[];
  /** Option 42. */
  readonly timeServers: readonly string[];
  /** Option 26; undefined: the interface's own. */
  readonly mtu: number | undefined;
}

/** One call of udhcpc's script: what happened, and the variables that it was given. */
export interface DhcpEvent {
  readonly kind: string;
  readonly variables: ReadonlyMap<string, string>;
}

/** Parses `NAME=value` items as the lease script hands them over; `EVENT` names what happened. */
export function parseDhcpEvent(items: readonly string[]): DhcpEvent {
  const variables = new Map<string, string>();
  for (const item of items) {
    const at = item.indexOf("=");
    if (at > 0) variables.set(item.slice(0, at), item.slice(at + 1));
  }
  return { kind: variables.get("EVENT") ?? "", variables };
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const DOMAIN = /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})$/;
/** Every host must take 576 bytes (RFC 791); less is a mistake. Above 65535 there is no packet. */
const MTU_RANGE = { least: 576, most: 65535 };
/** `this` network, loopback, multicast, reserved and broadcast (RFC 6890): no host has these. */
const NOT_A_HOST = /^(?:0|127|22[4-9]|23\d|24\d|25[0-5])\./;

/**
 * Reads the lease out of a `bound` or `renew` event. What the server sent is not trusted: words
 * that are no addresses are dropped.
 * @returns undefined when there is no usable address in it
 */
export function parseLease(event: DhcpEvent): Lease | undefined {
  const words = (name: string) => (event.variables.get(name) ?? "").split(/\s+/).filter(Boolean);
  const addresses = (name: string) =>
    words(name).filter((word) => IPV4.test(word) && !NOT_A_HOST.test(word));
  const [address] = addresses("ip");
  const link = event.variables.get("interface");
  if (address === undefined || !link) return undefined;
  const domains = words("search").length > 0 ? words("search") : words("domain");
  const mtu = Number(event.variables.get("mtu"));
  return {
    link,
    address,
    prefix: parsePrefix(event),
    routers: addresses("router"),
    nameServers: addresses("dns"),
    searchDomains: domains.filter((word) => DOMAIN.test(word)),
    timeServers: addresses("ntpsrv"),
    mtu: isMtu(mtu) ? mtu : undefined,
  };
}

function isMtu(mtu: number): boolean {
  return Number.isInteger(mtu) && mtu >= MTU_RANGE.least && mtu <= MTU_RANGE.most;
}

function parsePrefix(event: DhcpEvent): number {
  const mask = event.variables.get("mask");
  if (mask !== undefined && /^\d{1,2}$/.test(mask) && Number(mask) <= 32) return Number(mask);
  const subnet = event.variables.get("subnet");
  if (subnet !== undefined && IPV4.test(subnet)) {
    const bits = subnet.split(".").map((octet) => Number(octet).toString(2).padStart(8, "0")).join(
      "",
    );
    if (/^1*0*$/.test(bits)) return bits.replace(/0+$/, "").length;
  }
  return 24; // What a server without option 1 most likely means.
}
