/** The network of `--network=bridge`: there while some container is connected to it. */
import type { PublishOption } from "../../config/container_config.ts";
import { AgentError } from "../../errors.ts";
import type { System } from "../../sys/system.ts";
import { type Bridge, openBridge } from "./bridge.ts";
import { connectNamespace, reservePorts } from "./bridge_port.ts";
import type { HostEntry } from "./host_entry.ts";
import { chooseAddress, parseAddress, renderAddress } from "./subnet.ts";

export interface ConnectionRequest {
  readonly runId: string;
  /** What its neighbours call it. */
  readonly names: readonly string[];
  readonly ports: readonly PublishOption[];
}

/** Dispose it after the container; with the last one the bridge goes. */
export interface Connection extends AsyncDisposable {
  /** A path for the runtime. */
  readonly namespace: string;
  /** The machine, the container itself, and the neighbours that run already. */
  readonly hosts: readonly HostEntry[];
}

export interface BridgeNetwork {
  /** @throws ContainerError for a port that is taken; AgentError; SyscallError; CommandError */
  connect(request: ConnectionRequest): Promise<Connection>;
}

interface Member {
  readonly entry: HostEntry;
  readonly ports: readonly PublishOption[];
}

/** What podman calls the machine. */
const MACHINE_NAMES = ["host.containers.internal", "host.docker.internal"];

/** Does nothing before the first container connects. */
export function openBridgeNetwork(sys: System): BridgeNetwork {
  const members = new Set<Member>();
  const inTurn = createTurns();
  let bridge: Bridge | undefined;
  let lastAddress: number | undefined;

  async function connect({ runId, names, ports }: ConnectionRequest): Promise<Connection> {
    await using stack = new AsyncDisposableStack();
    // Fails most likely, and costs least: first.
    stack.use(reservePorts(sys, ports));
    stack.defer(closeUnused);
    const { subnet, gateway } = bridge ??= await openBridge(sys);
    const used = new Set(members.values().map(({ entry }) => parseAddress(entry.address)));
    lastAddress = chooseAddress(subnet, used, lastAddress);
    if (lastAddress === undefined) {
      throw new AgentError("Cannot connect container: no address is free on the bridge");
    }
    const address = renderAddress(lastAddress);
    // The namespace is the agent's, not the runtime's: it is complete before the container's first
    // program runs, takes a few system calls and no process, and a service that starts again, or
    // another container that joins, finds it as it was.
    const namespace = stack.use(connectNamespace(sys, bridge, runId, lastAddress));
    const hosts = [
      { address: gateway, names: MACHINE_NAMES },
      { address, names },
      ...members.values().map(({ entry }) => entry),
    ];
    await addMember({ entry: { address, names }, ports }, stack);
    const kept = stack.move();
    return {
      namespace: namespace.path,
      hosts,
      [Symbol.asyncDispose]: () => inTurn(() => kept.disposeAsync()),
    };
  }

  async function addMember(member: Member, stack: AsyncDisposableStack): Promise<void> {
    members.add(member);
    stack.defer(async () => {
      members.delete(member);
      // With the last one all rules go.
      if (member.ports.length > 0 && members.size > 0) await publishAll();
    });
    if (member.ports.length > 0) await publishAll();
  }

  async function publishAll(): Promise<void> {
    await bridge?.publish(
      [...members].flatMap(({ entry: { address }, ports }) =>
        ports.map((port) => ({ ...port, address }))
      ),
    );
  }

  async function closeUnused(): Promise<void> {
    if (members.size > 0) return;
    const last = bridge;
    bridge = undefined;
    await last?.[Symbol.asyncDispose]();
  }

  return { connect: (request) => inTurn(() => connect(request)) };
}

/** Runs one after the other: each finds the bridge, and the rules, as the one before left them. */
function createTurns(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(run: () => Promise<T>) => {
    const result = last.then(run);
    // A failure is its caller's.
    last = result.catch(() => undefined);
    return result;
  };
}
