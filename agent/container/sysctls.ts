/** `--sysctl`: only what a namespace of the container's own keeps to itself. */
import type { ContainerOptions } from "../config/container_config.ts";
import { AgentError } from "../errors.ts";

/** namespaces(7), ipc_namespaces(7). */
const IPC_NAMES: readonly string[] = [
  "kernel.msgmax",
  "kernel.msgmnb",
  "kernel.msgmni",
  "kernel.sem",
  "kernel.shmall",
  "kernel.shmmax",
  "kernel.shmmni",
  "kernel.shm_rmid_forced",
];
const UTS_NAMES: readonly string[] = ["kernel.domainname", "kernel.hostname"];

type SysctlOptions = Pick<ContainerOptions, "sysctls" | "network" | "ipc" | "uts">;

/**
 * Plans the sysctls of a container.
 * @throws AgentError for one that would change the whole machine
 */
export function planSysctls(options: SysctlOptions): Readonly<Record<string, string>> {
  for (const name of Object.keys(options.sysctls)) {
    const option = findNamespaceOption(name);
    if (option === undefined) {
      throw new AgentError(`Cannot set sysctl ${name}: it is not a container's own`);
    }
    const mode = option === "network" ? options.network.kind : options[option];
    if (mode === "host") {
      throw new AgentError(`Cannot set sysctl ${name}: it would change the whole machine`, {
        hint: `use it with another mode than --${option}=host`,
      });
    }
  }
  // ping without a privilege, for root's group, as podman allows it.
  const defaults = options.network.kind === "host" || options.network.kind === "container"
    ? {}
    : { "net.ipv4.ping_group_range": "0 0" };
  return { ...defaults, ...options.sysctls };
}

function findNamespaceOption(name: string): "network" | "ipc" | "uts" | undefined {
  if (name.startsWith("net.")) return "network";
  if (IPC_NAMES.includes(name) || name.startsWith("fs.mqueue.")) return "ipc";
  return UTS_NAMES.includes(name) ? "uts" : undefined;
}
