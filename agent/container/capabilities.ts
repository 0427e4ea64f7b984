/** Which capabilities a container's first process gets (capabilities(7)). */
import { AgentError } from "../errors.ts";
import type { CapabilitiesSpec } from "./runtime_spec.ts";

/** In the order of their numbers (linux/capability.h). */
const NAMES = [
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "KILL",
  "SETGID",
  "SETUID",
  "SETPCAP",
  "LINUX_IMMUTABLE",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "NET_ADMIN",
  "NET_RAW",
  "IPC_LOCK",
  "IPC_OWNER",
  "SYS_MODULE",
  "SYS_RAWIO",
  "SYS_CHROOT",
  "SYS_PTRACE",
  "SYS_PACCT",
  "SYS_ADMIN",
  "SYS_BOOT",
  "SYS_NICE",
  "SYS_RESOURCE",
  "SYS_TIME",
  "SYS_TTY_CONFIG",
  "MKNOD",
  "LEASE",
  "AUDIT_WRITE",
  "AUDIT_CONTROL",
  "SETFCAP",
  "MAC_OVERRIDE",
  "MAC_ADMIN",
  "SYSLOG",
  "WAKE_ALARM",
  "BLOCK_SUSPEND",
  "AUDIT_READ",
  "PERFMON",
  "BPF",
  "CHECKPOINT_RESTORE",
].map((name) => `CAP_${name}`);

/** What a container that is not privileged has: podman's default set. */
const DEFAULTS = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_NET_BIND_SERVICE",
  "CAP_SETFCAP",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
  "CAP_SYS_CHROOT",
];

export interface CapabilityOptions {
  readonly privileged: boolean;
  /** As written: `net_admin`, `CAP_NET_ADMIN`, `all`. */
  readonly add: readonly string[];
  readonly drop: readonly string[];
  readonly uid: number;
}

/**
 * Plans the capability sets of a container's first process, as podman does.
 * @param bounding the agent's own bounding set: nobody can have more
 * @throws AgentError for an unknown name, for one that is added and dropped, and for one that this
 *   machine does not have
 */
export function planCapabilities(
  options: CapabilityOptions,
  bounding: readonly string[],
): CapabilitiesSpec {
  const added = parseNames(options.add);
  const dropped = parseNames(options.drop);
  const missing = added.names.find((name) => !bounding.includes(name));
  if (missing) throw new AgentError(`Cannot add ${missing}: this machine does not have it`);
  // --privileged means all of them, whatever is dropped beside it.
  const all = options.privileged ? sortNames(bounding) : planBounding(added, dropped, bounding);
  if (options.uid === 0) return { bounding: all, effective: all, permitted: all };
  // exec(2) clears the sets of another user; only what was added by name stays, as ambient.
  const kept = sortNames(added.all ? all : added.names);
  if (kept.length === 0) return { bounding: all };
  return { bounding: all, effective: kept, permitted: kept, inheritable: kept, ambient: kept };
}

interface ParsedNames {
  readonly all: boolean;
  /** Without `all`. */
  readonly names: readonly string[];
}

function planBounding(
  added: ParsedNames,
  dropped: ParsedNames,
  bounding: readonly string[],
): readonly string[] {
  const both = added.all && dropped.all
    ? "all"
    : added.names.find((name) => dropped.names.includes(name));
  if (both) throw new AgentError(`Cannot add and drop capability ${both}: it is one or the other`);
  if (dropped.all) return sortNames(added.names);
  const base = added.all ? bounding : DEFAULTS.filter((name) => bounding.includes(name));
  const kept = base.filter((name) => !dropped.names.includes(name));
  return sortNames([...new Set([...kept, ...added.names])]);
}

function parseNames(written: readonly string[]): ParsedNames {
  const upper = written.map((name) => name.toUpperCase());
  const names = upper.filter((name) => name !== "ALL").map((name) => {
    const full = name.startsWith("CAP_") ? name : `CAP_${name}`;
    if (!NAMES.includes(full)) throw new AgentError(`Cannot use capability ${name}: unknown name`);
    return full;
  });
  return { all: names.length < upper.length, names };
}

function sortNames(names: readonly string[]): readonly string[] {
  return [...names].sort();
}

/** Parses a mask in hexadecimal, as the `Cap…` lines of /proc/PID/status have it. */
export function parseCapabilityMask(hex: string): readonly string[] {
  const mask = BigInt(`0x${hex.trim()}`);
  return NAMES.filter((_, number) => (mask >> BigInt(number)) & 1n);
}
