/** Which networks a machine uses already. */
import { isIPv4 } from "node:net";
import { parseNameServers } from "./name_servers.ts";
import { parseAddress, type Subnet } from "./subnet.ts";

const DEFAULT_ROUTE = 0;
const FIELDS = { destination: 1, mask: 7 } as const;

/**
 * Networks that containers must be able to reach: those with a route, and the name servers, which
 * may lie beyond a router.
 * @param routes the text of /proc/net/route (proc_pid_net(5))
 * @param resolvConf the text of resolv.conf(5)
 */
export function parseTakenNetworks(routes: string, resolvConf: string): readonly Subnet[] {
  const found = routes.split("\n").slice(1).flatMap((line): readonly Subnet[] => {
    const fields = line.trim().split(/\s+/);
    const [base, mask] = [FIELDS.destination, FIELDS.mask].map((at) => parseHex(fields[at] ?? ""));
    if (base === undefined || mask === undefined) return [];
    const prefix = mask.toString(2).replaceAll("0", "").length;
    return prefix === DEFAULT_ROUTE ? [] : [{ base, prefix }];
  });
  const servers = parseNameServers(resolvConf).filter((server) => isIPv4(server));
  return [...found, ...servers.map((server) => ({ base: parseAddress(server), prefix: 32 }))];
}

/** Four bytes of a network-order address, printed as a number of this machine's byte order. */
function parseHex(text: string): number | undefined {
  if (!/^[0-9A-F]{8}$/.test(text)) return undefined;
  const octets = text.match(/../g)!.reverse();
  return parseInt(octets.join(""), 16);
}
