/** Checks that cross containers: ports of the machine that two of them would have at a time. */
import { isIPv4 } from "node:net";
import type { PublishOption } from "./container_config.ts";
import type { Located } from "./located.ts";
import type { Report } from "./problem_collector.ts";

/** What a container is for: part of the pipeline, beside it, or after it. */
export type ContainerRole = "container" | "service" | "post";

/** The ports of one container. */
export interface Publication {
  readonly at: Located;
  readonly role: ContainerRole;
  readonly ports: readonly PublishOption[];
  readonly report: Report;
}

/** A port that some container has. */
interface Holder {
  readonly address: string | undefined;
  readonly publication: Publication;
}

/** Reports the first port of each container that is not its alone while it runs. */
export function checkPublications(publications: readonly Publication[]): void {
  const holders = new Map<string, Holder[]>();
  for (const publication of publications) {
    const { at, ports, report } = publication;
    const isDouble = (port: PublishOption) => {
      const key = `${port.hostPort}/${port.protocol}`;
      const others = holders.get(key) ?? [];
      holders.set(key, others);
      const holder = { address: everyAddressOf(port), publication };
      const found = others.some((other) => isConflict(holder, other));
      others.push(holder);
      return found;
    };
    const doubles = ports.filter(isDouble);
    const [first] = doubles;
    if (!first) continue;
    const message =
      `port ${first.hostPort}/${first.protocol} of the machine is published before as well`;
    report.error(at, message, "publish another port");
  }
}

/**
 * What keeps a port from being published where it is asked for, as a message: the containers'
 * bridge has no IPv6.
 */
export function findAddressFault({ hostAddress }: PublishOption): string | undefined {
  if (hostAddress === undefined || isIPv4(hostAddress)) return undefined;
  return `${hostAddress} cannot lead to a container: their network has IPv4 only`;
}

function everyAddressOf({ hostAddress }: PublishOption): string | undefined {
  return hostAddress === "0.0.0.0" ? undefined : hostAddress;
}

/** Containers of the pipeline run one after the other; a service runs beside all of them. */
function isConflict(a: Holder, b: Holder): boolean {
  const isSameTime = a.publication === b.publication ||
    a.publication.role === "service" || b.publication.role === "service";
  const isSameAddress = a.address === undefined || b.address === undefined ||
    a.address === b.address;
  return isSameTime && isSameAddress;
}
