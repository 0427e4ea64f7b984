/** A container's place on the bridge: a namespace with one end of a wire, and an address. */
import type { PublishOption } from "../../config/container_config.ts";
import { findCause, SyscallError } from "../../errors.ts";
import { LOOPBACK_INDEX, type NetworkNamespace } from "../../sys/network_namespace.ts";
import type { System } from "../../sys/system.ts";
import { CANNOT_CREATE, ContainerError } from "../container_error.ts";
import type { Bridge } from "./bridge.ts";
import { isEveryAddress } from "./render_rules.ts";
import { renderAddress } from "./subnet.ts";

const INTERFACE = { name: "eth0", index: LOOPBACK_INDEX + 1 } as const;
const NAME_LIMIT = 15;

/**
 * Connects a new namespace to the bridge.
 * @param runId names the other end of the wire
 * @throws SyscallError
 */
export function connectNamespace(
  sys: System,
  bridge: Bridge,
  runId: string,
  address: number,
): NetworkNamespace {
  using stack = new DisposableStack();
  const namespace = stack.use(openLocalNamespace(sys));
  const name = `veth${runId}`.slice(0, NAME_LIMIT);
  const peer = { ...INTERFACE, namespace: namespace.descriptor };
  bridge.links.apply([{ kind: "add-pair", name, bridge: bridge.index, peer }]);
  // Both ends go at once, and not some time after the namespace: the bridge may be next to go.
  stack.defer(() => bridge.links.apply([{ kind: "remove", index: bridge.links.indexOf(name) }]));
  const { index } = INTERFACE;
  const { prefix } = bridge.subnet;
  namespace.links.apply([
    { kind: "set-up", index },
    { kind: "add-address", index, address: renderAddress(address), prefix },
    { kind: "add-default-route", gateway: bridge.gateway },
  ]);
  const kept = stack.move();
  return { ...namespace, [Symbol.dispose]: () => kept.dispose() };
}

/** A namespace where programs reach themselves and nobody else. @throws SyscallError */
export function openLocalNamespace(sys: System): NetworkNamespace {
  const namespace = sys.kernel.createNetworkNamespace();
  namespace.links.apply([{ kind: "set-up", index: LOOPBACK_INDEX }]);
  return namespace;
}

/**
 * Keeps ports of the machine for a container: rules lead to it whoever listens, so a program of the
 * machine must not believe that the port is its own.
 * @throws ContainerError for one that is taken, or not the machine's
 */
export function reservePorts(sys: System, ports: readonly PublishOption[]): Disposable {
  using stack = new DisposableStack();
  for (const { hostAddress, hostPort: port, protocol } of ports) {
    const address = hostAddress === undefined ? "0.0.0.0" : hostAddress;
    try {
      stack.use(sys.kernel.reservePort({ address, port, protocol }));
    } catch (cause) {
      throw portError(cause, `${isEveryAddress(address) ? "" : `${address}:`}${port}/${protocol}`);
    }
  }
  return stack.move();
}

function portError(cause: unknown, port: string): unknown {
  const code = findCause(cause, SyscallError)?.code;
  if (code === "EADDRINUSE") {
    return new ContainerError(CANNOT_CREATE, `Cannot publish port ${port}: it is in use`, {
      cause,
      hint: "publish another port, or find out which container has it",
    });
  }
  if (code === "EADDRNOTAVAIL") {
    return new ContainerError(
      CANNOT_CREATE,
      `Cannot publish port ${port}: the machine has no such address`,
      { cause, hint: "write HOST:CONTAINER for every address of the machine" },
    );
  }
  return cause;
}
