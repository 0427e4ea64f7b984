/** The device nodes of a container, and the rules of its device cgroup. */
import type { DeviceOption } from "../config/container_config.ts";
import { AgentError } from "../errors.ts";
import type { DeviceNode } from "./machine_facts.ts";
import type { DeviceRuleSpec, DeviceSpec } from "./runtime_spec.ts";
import { isVirtualConsole } from "./systemd_mode.ts";

export interface DevicesConfig {
  readonly devices: readonly DeviceSpec[];
  readonly rules: readonly DeviceRuleSpec[];
}

/** The runtime makes these by itself (runtime-spec, config-linux.md "Default Devices"). */
const RUNTIME_DEVICES: readonly string[] = [
  "/dev/console",
  "/dev/full",
  "/dev/null",
  "/dev/ptmx",
  "/dev/random",
  "/dev/tty",
  "/dev/urandom",
  "/dev/zero",
];

/** Terminals of the machine's own devpts; a container has one of its own. */
const OWN_TERMINALS = /^\/dev\/pts\//;

/**
 * Plans the devices: all of the machine's when privileged, otherwise those that `--device` names.
 * @throws AgentError for a `--device` that is no device here
 */
export function planDevices(
  options: { readonly privileged: boolean; readonly devices: readonly DeviceOption[] },
  systemd: boolean,
  present: readonly DeviceNode[],
): DevicesConfig {
  const asked = options.devices.flatMap((option) => chooseAsked(option, present));
  const rules = asked.map(({ node, access }): DeviceRuleSpec => ({
    allow: true,
    type: node.type,
    major: node.major,
    minor: node.minor,
    access,
  }));
  const named = asked.map(({ node, target }) => planDevice(node, target));
  if (!options.privileged) {
    return { devices: named, rules: [{ allow: false, access: "rwm" }, ...rules] };
  }
  const all = present.filter(({ path, isLink }) =>
    !isLink && !RUNTIME_DEVICES.includes(path) && !OWN_TERMINALS.test(path) &&
    !(systemd && isVirtualConsole(path)) && !named.some((device) => device.path === path)
  );
  return {
    devices: [...all.map((node) => planDevice(node, node.path)), ...named],
    rules: [{ allow: true, access: "rwm" }],
  };
}

interface AskedDevice {
  readonly node: DeviceNode;
  readonly target: string;
  readonly access: string;
}

/** A folder stands for every device in it. */
function chooseAsked(option: DeviceOption, present: readonly DeviceNode[]): readonly AskedDevice[] {
  const { source, target, access } = option;
  const node = present.find(({ path }) => path === source);
  if (node) return [{ node, target, access }];
  const inside = present.filter(({ path, isLink }) => !isLink && path.startsWith(`${source}/`));
  if (inside.length === 0) throw new AgentError(`Cannot use --device ${source}: no such device`);
  return inside.map((node) => ({
    node,
    target: target + node.path.slice(source.length),
    access,
  }));
}

function planDevice(node: DeviceNode, path: string): DeviceSpec {
  const { type, major, minor, mode, uid, gid } = node;
  return { path, type, major, minor, fileMode: mode, uid, gid };
}
