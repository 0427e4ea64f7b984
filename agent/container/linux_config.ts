/** The `linux` part of the runtime configuration (runtime-spec, config-linux.md). */
import type { ContainerOptions } from "../config/container_config.ts";
import { AgentError, assertNever } from "../errors.ts";
import { planDevices } from "./devices_config.ts";
import type { MachineFacts } from "./machine_facts.ts";
import { MASKED_PATHS, READONLY_PATHS } from "./masked_paths.ts";
import { isShared, isSlave } from "./mount_options.ts";
import type {
  DeviceRuleSpec,
  LinuxSpec,
  MountSpec,
  NamespaceSpec,
  ResourcesSpec,
} from "./runtime_spec.ts";
import { renderSeccomp, type SeccompProfile } from "./seccomp_config.ts";
import { planSysctls } from "./sysctls.ts";

export interface LinuxSources {
  readonly options: ContainerOptions;
  readonly facts: MachineFacts;
  /** The container's cgroup, from the root of the tree. */
  readonly cgroup: string;
  readonly mounts: readonly MountSpec[];
  readonly systemd: boolean;
  /** The container's bounding set. */
  readonly capabilities: readonly string[];
  /** undefined: unconfined. */
  readonly seccomp: SeccompProfile | undefined;
  /** As a path; undefined: the machine's, or with `--network=none` one of the runtime's own. */
  readonly networkNamespace: string | undefined;
}

const CPU_PERIOD_US = 100_000;
const DEFAULT_PIDS_LIMIT = 2048;

/** @throws AgentError for what this machine cannot do, or a container may not */
export function planLinux(sources: LinuxSources): LinuxSpec {
  const { options, facts, mounts, capabilities, seccomp } = sources;
  const { devices, rules } = planDevices(options, sources.systemd, facts.devices);
  const propagation = choosePropagation(mounts);
  const sysctl = planSysctls(options);
  return {
    namespaces: planNamespaces(options, sources.networkNamespace),
    cgroupsPath: sources.cgroup,
    resources: planResources(options, rules, facts.controllers),
    ...(Object.keys(sysctl).length > 0 ? { sysctl } : {}),
    ...(devices.length > 0 ? { devices } : {}),
    ...(propagation ? { rootfsPropagation: propagation } : {}),
    ...(options.privileged ? {} : { maskedPaths: MASKED_PATHS, readonlyPaths: READONLY_PATHS }),
    ...(seccomp && !options.privileged
      ? { seccomp: renderSeccomp(seccomp, { ...facts, capabilities }) }
      : {}),
  };
}

function planNamespaces(
  options: ContainerOptions,
  path: string | undefined,
): readonly NamespaceSpec[] {
  const namespaces: NamespaceSpec[] = [{ type: "mount" }];
  if (options.pid === "private") namespaces.push({ type: "pid" });
  if (options.ipc !== "host") namespaces.push({ type: "ipc" });
  if (options.uts === "private") namespaces.push({ type: "uts" });
  if (options.cgroupns === "private") namespaces.push({ type: "cgroup" });
  switch (options.network.kind) {
    case "host":
      break;
    case "none":
      namespaces.push({ type: "network", ...(path === undefined ? {} : { path }) });
      break;
    case "bridge":
      if (path === undefined) throw new TypeError("Cannot use the bridge: no namespace given");
      namespaces.push({ type: "network", path });
      break;
    case "container":
      // The partner may have the machine's.
      if (path !== undefined) namespaces.push({ type: "network", path });
      break;
    default:
      assertNever(options.network);
  }
  return namespaces;
}

function planResources(
  options: ContainerOptions,
  devices: readonly DeviceRuleSpec[],
  controllers: readonly string[],
): ResourcesSpec {
  const need = (controller: string, option: string) => {
    if (controllers.includes(controller)) return;
    throw new AgentError(`Cannot use ${option}: the kernel offers no ${controller} controller`);
  };
  const { memory, cpus } = options;
  if (memory !== undefined) need("memory", "--memory");
  if (cpus !== undefined) need("cpu", "--cpus");
  if ((options.pidsLimit ?? 0) > 0) need("pids", "--pids-limit");
  const pids = options.pidsLimit ??
    (options.privileged || !controllers.includes("pids") ? 0 : DEFAULT_PIDS_LIMIT);
  return {
    devices,
    ...(pids > 0 ? { pids: { limit: pids } } : {}),
    // As much swap as memory, as podman gives.
    ...(memory === undefined ? {} : { memory: { limit: memory, swap: 2 * memory } }),
    ...(cpus === undefined
      ? {}
      : { cpu: { quota: Math.round(cpus * CPU_PERIOD_US), period: CPU_PERIOD_US } }),
  };
}

/** A mount can only be shared with the machine where the root of the container is. */
function choosePropagation(mounts: readonly MountSpec[]): "shared" | "rslave" | undefined {
  if (mounts.some(({ options }) => isShared(options))) return "shared";
  return mounts.some(({ options }) => isSlave(options)) ? "rslave" : undefined;
}
