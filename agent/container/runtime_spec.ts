/**
 * The part of the OCI runtime configuration (runtime-spec 1.2, config.md and config-linux.md) that
 * the agent writes. Property names are those of the specification.
 */

export interface RuntimeSpec {
  readonly ociVersion: string;
  readonly process: ProcessSpec;
  readonly root: { readonly path: string; readonly readonly?: true };
  /** Absent: the machine's own UTS namespace is used. */
  readonly hostname?: string;
  readonly mounts: readonly MountSpec[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly linux: LinuxSpec;
}

export interface ProcessSpec {
  readonly terminal?: true;
  readonly consoleSize?: { readonly height: number; readonly width: number };
  readonly user: UserSpec;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly capabilities: CapabilitiesSpec;
  readonly rlimits: readonly RlimitSpec[];
  readonly noNewPrivileges?: true;
}

export interface UserSpec {
  readonly uid: number;
  readonly gid: number;
  readonly umask: number;
  readonly additionalGids: readonly number[];
}

/** Names with their `CAP_`, sorted. Absent sets are empty. */
export interface CapabilitiesSpec {
  readonly bounding: readonly string[];
  readonly effective?: readonly string[];
  readonly permitted?: readonly string[];
  readonly inheritable?: readonly string[];
  readonly ambient?: readonly string[];
}

/** Limits are 64-bit: RLIM_INFINITY does not fit into a number. */
export interface RlimitSpec {
  readonly type: string;
  readonly soft: bigint;
  readonly hard: bigint;
}

export interface MountSpec {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

export interface LinuxSpec {
  readonly namespaces: readonly NamespaceSpec[];
  readonly cgroupsPath: string;
  readonly resources: ResourcesSpec;
  readonly devices?: readonly DeviceSpec[];
  readonly sysctl?: Readonly<Record<string, string>>;
  readonly seccomp?: SeccompSpec;
  readonly maskedPaths?: readonly string[];
  readonly readonlyPaths?: readonly string[];
  readonly rootfsPropagation?: "shared" | "rslave";
}

export interface NamespaceSpec {
  readonly type: "pid" | "network" | "ipc" | "uts" | "mount" | "cgroup";
  /** A namespace that exists, such as `/proc/PID/ns/net`; absent: a new one. */
  readonly path?: string;
}

export interface ResourcesSpec {
  readonly devices: readonly DeviceRuleSpec[];
  readonly pids?: { readonly limit: number };
  /** Bytes; `swap` is memory and swap together. */
  readonly memory?: { readonly limit: number; readonly swap: number };
  /** Microseconds. */
  readonly cpu?: { readonly quota: number; readonly period: number };
}

export interface DeviceRuleSpec {
  readonly allow: boolean;
  readonly type?: "c" | "b";
  readonly major?: number;
  readonly minor?: number;
  readonly access: string;
}

export interface DeviceSpec {
  readonly path: string;
  readonly type: "c" | "b";
  readonly major: number;
  readonly minor: number;
  /** Permission bits. */
  readonly fileMode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface SeccompSpec {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly architectures: readonly string[];
  readonly syscalls: readonly SyscallRuleSpec[];
}

export interface SyscallRuleSpec {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly SyscallArgumentSpec[];
}

export interface SyscallArgumentSpec {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
}
