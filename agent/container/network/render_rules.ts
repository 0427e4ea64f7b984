/** The firewall rules of the containers' bridge, for nft(8). */
import type { PublishOption } from "../../config/container_config.ts";

/** A port of the machine that leads to a container. */
export interface PublishedPort extends PublishOption {
  /** IPv4, of the container. */
  readonly address: string;
}

export interface RuleSources {
  readonly bridge: string;
  /** As `10.88.0.0/16`. */
  readonly subnet: string;
  readonly ports: readonly PublishedPort[];
}

/** Ours alone: nothing that others set up is touched. */
const TABLE = "table ip b2c";

/**
 * Renders the rules as one transaction that puts them in the place of those before: at no moment
 * is there none.
 */
export function renderRules({ bridge, subnet, ports }: RuleSources): string {
  return [
    ...renderRemoval(),
    `${TABLE} {`,
    "  chain raw {",
    "    type filter hook prerouting priority raw;",
    // The machine's loopback is reachable from the bridge once that has route_localnet.
    `    iifname "${bridge}" ip daddr 127.0.0.0/8 drop`,
    "  }",
    "  chain publish {",
    ...ports.map((port) => `    ${renderPort(port)}`),
    "  }",
    "  chain incoming {",
    "    type nat hook prerouting priority dstnat;",
    "    fib daddr type local jump publish",
    "  }",
    "  chain own {",
    // As dstnat; older programs know that name for the other hook alone.
    "    type nat hook output priority -100;",
    "    fib daddr type local jump publish",
    "  }",
    "  chain outgoing {",
    "    type nat hook postrouting priority srcnat;",
    // A container that asks for a port of the machine may be led to a neighbour, or to itself: the
    // answer has to come back through the machine. So has one to the machine's loopback.
    `    ip saddr ${subnet} ip daddr ${subnet} ct status dnat masquerade`,
    `    ip saddr 127.0.0.0/8 oifname "${bridge}" masquerade`,
    `    ip saddr ${subnet} ip daddr != { ${subnet}, 224.0.0.0/4 } masquerade`,
    "  }",
    "}",
    "",
  ].join("\n");
}

/** Renders the removal of everything, also when there is nothing. */
export function renderRulesEnd(): string {
  return [...renderRemoval(), ""].join("\n");
}

/** `delete` fails without a table; `add` does nothing with one. */
function renderRemoval(): readonly string[] {
  return [`add ${TABLE}`, `delete ${TABLE}`];
}

function renderPort(port: PublishedPort): string {
  const { hostAddress, hostPort, protocol, address, containerPort } = port;
  const to = isEveryAddress(hostAddress) ? "" : `ip daddr ${hostAddress} `;
  return `${to}${protocol} dport ${hostPort} dnat to ${address}:${containerPort}`;
}

/** True for a port of every address of the machine. */
export function isEveryAddress(address: string | undefined): boolean {
  return address === undefined || address === "0.0.0.0";
}
