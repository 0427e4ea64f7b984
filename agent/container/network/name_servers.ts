/** Name servers of resolv.conf(5). */
import { isIPv4 } from "node:net";

const NAME_SERVER = /^\s*nameserver\s+(\S+)/;

/** The name servers of a resolv.conf, in order. */
export function parseNameServers(resolvConf: string): readonly string[] {
  return resolvConf.split("\n").flatMap((line) => NAME_SERVER.exec(line)?.[1] ?? []);
}

/**
 * A machine's resolv.conf without the name servers that its containers cannot reach: those on the
 * machine's own loopback, and by IPv6, which the bridge does not have.
 */
export function renderReachable(resolvConf: string): string {
  return resolvConf.split("\n").filter((line) => {
    const server = NAME_SERVER.exec(line)?.[1];
    return server === undefined || (isIPv4(server) && !server.startsWith("127."));
  }).join("\n");
}
