/** The texts of files that every container gets, whatever its image has there. */
import type { ContainerOptions } from "../config/container_config.ts";
import type { HostEntry } from "./network/host_entry.ts";
import { renderReachable } from "./network/name_servers.ts";

/**
 * hosts(5): the machine itself, and the container by its name.
 * @param others those that it can reach, itself among them; none: it has no address of its own
 */
export function renderHosts(
  hostname: string,
  others: readonly HostEntry[] = [{ address: "127.0.1.1", names: [hostname] }],
): string {
  return [
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    ...others.map(({ address, names }) => `${address}\t${names.join(" ")}`),
    "",
  ].join("\n");
}

/**
 * resolv.conf(5): the machine's own, with other name servers where the user names some; on the
 * bridge without those that cannot be reached from there.
 * @returns undefined when the image's file stays: no network, or `--dns=none`
 */
export function renderResolvConf(
  machine: string,
  { dns, network }: Pick<ContainerOptions, "dns" | "network">,
): string | undefined {
  if (dns === "none" || network.kind === "none") return undefined;
  if (dns.length === 0) return network.kind === "bridge" ? renderReachable(machine) : machine;
  const kept = machine.split("\n").filter((line) => line !== "" && !/^\s*nameserver\s/.test(line));
  return [...kept, ...dns.map((server) => `nameserver ${server}`), ""].join("\n");
}

export interface ContainerIdentity {
  readonly id: string;
  readonly name: string;
  /** Fully qualified. */
  readonly image: string;
  readonly imageDigest: string;
}

/** /run/.containerenv: programs look for the file; a privileged container may know who it is. */
export function renderContainerEnv(identity: ContainerIdentity, privileged: boolean): string {
  if (!privileged) return "";
  const fields = {
    engine: "boot2container",
    name: identity.name,
    id: identity.id,
    image: identity.image,
    imageid: identity.imageDigest,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [...lines, "rootless=0", ""].join("\n");
}
