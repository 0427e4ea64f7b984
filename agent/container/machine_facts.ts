/** What the machine is, as far as a container's configuration depends on it. */

export interface MachineFacts {
  readonly hostname: string;
  readonly architecture: "amd64" | "arm64";
  /** As uname -r says, such as `6.12.48-cloud-amd64`. */
  readonly kernelRelease: string;
  /** The agent's bounding set, with `CAP_`. */
  readonly capabilities: readonly string[];
  /** Every node and every link to one below /dev, by path. */
  readonly devices: readonly DeviceNode[];
  /** The agent's hard limits by RLIMIT_ name; absent: unlimited. */
  readonly hardLimits: Readonly<Record<string, number>>;
  /** Of the console; undefined when there is no terminal or it does not know. */
  readonly terminalSize: { readonly rows: number; readonly columns: number } | undefined;
  /** The agent's own environment: what `-e NAME` passes on. */
  readonly environment: Readonly<Record<string, string>>;
  /** The cgroup v2 controllers that containers can use, such as `memory`. */
  readonly controllers: readonly string[];
}

/** A device node, or a symbolic link to one. */
export interface DeviceNode {
  /** Absolute, such as `/dev/dri/card0`. */
  readonly path: string;
  readonly type: "c" | "b";
  readonly major: number;
  readonly minor: number;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** The path is a link; the numbers are those of what it leads to. */
  readonly isLink: boolean;
}
