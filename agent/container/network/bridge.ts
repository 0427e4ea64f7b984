/** The bridge of the machine that containers are connected to, and what leads out of it. */
import { AgentError } from "../../errors.ts";
import type { LinkSocket } from "../../sys/link_socket.ts";
import type { System } from "../../sys/system.ts";
import { readOptionalText } from "../optional_file.ts";
import { type PublishedPort, renderRules, renderRulesEnd } from "./render_rules.ts";
import { chooseSubnet, renderAddress, renderSubnet, type Subnet } from "./subnet.ts";
import { parseTakenNetworks } from "./taken_networks.ts";

/** Dispose it when no container is connected any more: nothing of it stays on the machine. */
export interface Bridge extends AsyncDisposable {
  readonly subnet: Subnet;
  /** The bridge's own address: the containers' way out. */
  readonly gateway: string;
  readonly index: number;
  /** Changes interfaces of the machine. */
  readonly links: LinkSocket;
  /** Lets ports of the machine lead to containers, these and no others. @throws CommandError */
  publish(ports: readonly PublishedPort[]): Promise<void>;
}

const NAME = "b2c0";
const FORWARDING = "/proc/sys/net/ipv4/ip_forward";
/** Lets 127.0.0.1 lead to a published port, as podman has it. */
const ROUTE_LOCALNET = `/proc/sys/net/ipv4/conf/${NAME}/route_localnet`;

/**
 * Makes the bridge and its rules; its kernel modules are loaded.
 * @throws AgentError when no private network is left; SyscallError; CommandError
 */
export async function openBridge(sys: System): Promise<Bridge> {
  const subnet = chooseSubnet(readTakenNetworks());
  if (!subnet) {
    throw new AgentError(`Cannot make bridge ${NAME}: the machine uses every private network`, {
      hint: "use --network=host",
    });
  }
  const gateway = renderAddress(subnet.base + 1);
  await using stack = new AsyncDisposableStack();
  const links = stack.use(sys.kernel.openLinkSocket());
  links.apply([{ kind: "add-bridge", name: NAME, address: createHardwareAddress() }]);
  const index = links.indexOf(NAME);
  stack.defer(() => links.apply([{ kind: "remove", index }]));
  links.apply([{ kind: "add-address", index, address: gateway, prefix: subnet.prefix }]);
  Deno.writeTextFileSync(ROUTE_LOCALNET, "1");
  stack.defer(allowForwarding());
  const publish = (ports: readonly PublishedPort[]) =>
    runNft(sys, renderRules({ bridge: NAME, subnet: renderSubnet(subnet), ports }));
  stack.defer(() => runNft(sys, renderRulesEnd()));
  await publish([]);
  const kept = stack.move();
  return {
    subnet,
    gateway,
    index,
    links,
    publish,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function readTakenNetworks(): readonly Subnet[] {
  return parseTakenNetworks(
    Deno.readTextFileSync("/proc/net/route"),
    readOptionalText("/etc/resolv.conf") ?? "",
  );
}

/** @returns what puts it back as it was */
function allowForwarding(): () => void {
  const before = Deno.readTextFileSync(FORWARDING);
  if (before.trim() !== "0") return () => {};
  Deno.writeTextFileSync(FORWARDING, "1");
  return () => Deno.writeTextFileSync(FORWARDING, before);
}

/** Random, for one machine alone, and a receiver's address (IEEE 802). */
function createHardwareAddress(): Uint8Array {
  const address = crypto.getRandomValues(new Uint8Array(6));
  address[0] = (address[0]! & 0b1111_1100) | 0b10;
  return address;
}

async function runNft(sys: System, rules: string): Promise<void> {
  // "-" would be /dev/stdin, which a machine need not have.
  await sys.spawn.run(["/usr/sbin/nft", "--file", "/proc/self/fd/0"], { input: rules });
}
