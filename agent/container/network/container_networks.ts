/** The networks of all containers of a boot. */
import type { ContainerOptions } from "../../config/container_config.ts";
import { assertNever } from "../../errors.ts";
import type { System } from "../../sys/system.ts";
import { CANNOT_CREATE, ContainerError } from "../container_error.ts";
import type { GeneratedFiles } from "../mounts_config.ts";
import { type BridgeNetwork, openBridgeNetwork } from "./bridge_network.ts";
import { openLocalNamespace } from "./bridge_port.ts";
import type { HostEntry } from "./host_entry.ts";

/** What a container gets. Dispose it after the container. */
export interface ContainerNetwork extends AsyncDisposable {
  /** A path for the runtime; undefined: the machine's, or with `none` one of the runtime's own. */
  readonly namespace: string | undefined;
  /** What its /etc/hosts says besides the loopback; undefined: it has no address of its own. */
  readonly hosts: readonly HostEntry[] | undefined;
  /** Files that take the place of its own: those of the container whose network it joins. */
  readonly files: GeneratedFiles;
}

export interface NetworkRequest {
  readonly runId: string;
  readonly hostname: string;
  readonly options: Pick<ContainerOptions, "name" | "network" | "publish">;
}

export interface ContainerNetworks {
  /**
   * @throws ContainerError for a partner that does not run, and for a port that is taken;
   *   SyscallError, CommandError
   */
  open(request: NetworkRequest): Promise<ContainerNetwork>;
  /** Lets others join a container's network by its name, until disposed. */
  share(name: string, network: ContainerNetwork, files: GeneratedFiles): Disposable;
}

/** Files that say where the network leads: who joins it has the same. */
const SHARED_FILES: readonly string[] = ["/etc/hosts", "/etc/resolv.conf"];

/** Nothing happens before a container asks for more than the machine's network. */
export function openContainerNetworks(sys: System): ContainerNetworks {
  const bridge = openBridgeNetwork(sys);
  const shared = new Map<string, Pick<ContainerNetwork, "namespace" | "files">>();
  return {
    async open(request) {
      const { network, name } = request.options;
      switch (network.kind) {
        case "host":
          return machineNetwork();
        case "none":
          return name === undefined ? machineNetwork() : localNetwork(sys);
        case "bridge":
          return await connectedNetwork(bridge, request);
        case "container": {
          const partner = shared.get(network.name);
          if (partner) return { ...machineNetwork(), ...partner };
          throw new ContainerError(
            CANNOT_CREATE,
            `Cannot join the network of ${network.name}: no container of that name runs`,
            { hint: "services start in the order written: the one to join comes first" },
          );
        }
        default:
          return assertNever(network);
      }
    },
    share(name, { namespace }, files) {
      const own = new Map([...files].filter(([path]) => SHARED_FILES.includes(path)));
      shared.set(name, { namespace, files: own });
      return { [Symbol.dispose]: () => void shared.delete(name) };
    },
  };
}

function machineNetwork(): ContainerNetwork {
  return {
    namespace: undefined,
    hosts: undefined,
    files: new Map(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The runtime could make it as well, but then nobody else could find it. */
function localNetwork(sys: System): ContainerNetwork {
  const namespace = openLocalNamespace(sys);
  return {
    ...machineNetwork(),
    namespace: namespace.path,
    [Symbol.asyncDispose]: () => Promise.resolve(namespace[Symbol.dispose]()),
  };
}

async function connectedNetwork(
  bridge: BridgeNetwork,
  { runId, hostname, options }: NetworkRequest,
): Promise<ContainerNetwork> {
  const names = options.name === undefined ? [hostname] : [hostname, options.name];
  const connection = await bridge.connect({ runId, names, ports: options.publish });
  return {
    ...machineNetwork(),
    namespace: connection.namespace,
    hosts: connection.hosts,
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
