/** What has to be done to the machine so that a lease takes effect. Pure. */
import type { Lease } from "./lease.ts";

/** Values that apply.ts carries out in this order. */
export interface NetworkPlan {
  /** Arguments of `ip`, one list a call. */
  readonly ipCommands: readonly (readonly string[])[];
  /** The text of /etc/resolv.conf. */
  readonly resolvConf: string;
}

/** glibc looks at no more (resolv.conf(5)). */
const MAX_NAME_SERVERS = 3;

/** Plans the addresses, routes and name servers of one lease. */
export function planLease(lease: Lease): NetworkPlan {
  const device = ["dev", lease.link];
  const commands: string[][] = [];
  if (lease.mtu !== undefined) commands.push(["link", "set", ...device, "mtu", `${lease.mtu}`]);
  commands.push([
    "addr",
    "replace",
    `${lease.address}/${lease.prefix}`,
    "broadcast",
    "+",
    ...device,
  ]);
  const [router] = lease.routers;
  if (router !== undefined) {
    if (!isInNetwork(router, lease.address, lease.prefix)) {
      // Some servers name a router beyond the network they hand out (RFC 3442 allows it).
      commands.push(["route", "replace", `${router}/32`, ...device]);
    }
    commands.push(["route", "replace", "default", "via", router, ...device]);
  }
  return { ipCommands: commands, resolvConf: renderResolvConf(lease) };
}

function isInNetwork(address: string, member: string, prefix: number): boolean {
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
  return ((toNumber(address) & mask) >>> 0) === ((toNumber(member) & mask) >>> 0);
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, octet) => ((sum << 8) | Number(octet)) >>> 0, 0);
}

/** Renders resolv.conf(5). */
export function renderResolvConf(
  names: { readonly nameServers: readonly string[]; readonly searchDomains: readonly string[] },
): string {
  const lines = names.nameServers.slice(0, MAX_NAME_SERVERS).map((server) =>
    `nameserver ${server}`
  );
  if (names.searchDomains.length > 0) lines.unshift(`search ${names.searchDomains.join(" ")}`);
  return lines.map((line) => `${line}\n`).join("");
}

/** One line: `eth0 10.0.2.15/24 via 10.0.2.2`. */
export function renderLease({ link, address, prefix, routers: [router] }: Lease): string {
  return `${link} ${address}/${prefix}${router === undefined ? "" : ` via ${router}`}`;
}
