/** The typed form of one container text: `[podman create options] IMAGE [command…]`. */

/** One container of the pipeline, a service, or a post container. */
export interface ContainerConfig {
  /** The directive it came from, as the user wrote its name (`b2c.run`, `b2c.container`, …). */
  readonly directive: string;
  /** The text as written, secrets masked: fit for the console. */
  readonly text: string;
  /** The image as written; its grammar is oci/reference's business. */
  readonly image: string;
  /** Words after the image; they replace the image's Cmd. Empty: the image's own Cmd. */
  readonly command: readonly string[];
  readonly options: ContainerOptions;
}

/** The podman-create options, defaults already filled in. Sizes are bytes, times seconds. */
export interface ContainerOptions {
  readonly annotations: Readonly<Record<string, string>>;
  /** `CAP_SYS_ADMIN` and the like, or `ALL`. */
  readonly capAdd: readonly string[];
  /** Likewise. */
  readonly capDrop: readonly string[];
  readonly cgroupns: "private" | "host";
  /** Number of CPUs, may be fractional; undefined: no limit. */
  readonly cpus: number | undefined;
  readonly devices: readonly DeviceOption[];
  /** Name servers for the container's resolv.conf; `"none"`: leave the image's file alone. */
  readonly dns: readonly string[] | "none";
  /** undefined: the image's entrypoint; `[]`: none (`--entrypoint=`). */
  readonly entrypoint: readonly string[] | undefined;
  /** In the order written; a value of null takes the agent's own, as podman does. */
  readonly env: readonly EnvOption[];
  readonly envFiles: readonly string[];
  readonly groupAdd: readonly string[];
  readonly hostname: string | undefined;
  readonly init: boolean;
  readonly interactive: boolean;
  readonly ipc: "private" | "host" | "none" | "shareable";
  readonly labels: Readonly<Record<string, string>>;
  /** Bytes; undefined: no limit. */
  readonly memory: number | undefined;
  readonly mounts: readonly MountOption[];
  readonly name: string | undefined;
  readonly network: NetworkMode;
  readonly noNewPrivileges: boolean;
  readonly pid: "private" | "host";
  /** -1: unlimited; undefined: the default (2048 when not privileged). */
  readonly pidsLimit: number | undefined;
  /** `linux/arm64/v8` and the like; undefined: this machine's. */
  readonly platform: string | undefined;
  readonly privileged: boolean;
  readonly publish: readonly PublishOption[];
  /** undefined: as `b2c.pull` says. */
  readonly pull: PullPolicy | undefined;
  readonly quiet: boolean;
  readonly readOnly: boolean;
  readonly restart: RestartPolicy;
  readonly rm: boolean;
  /** `default`, `unconfined`, or the path of a profile. */
  readonly seccomp: string;
  /** Bytes. */
  readonly shmSize: number;
  /** `SIGTERM`, `SIGRTMIN+3`, or a number. */
  readonly stopSignal: string | undefined;
  /** Seconds between the stop signal and SIGKILL. */
  readonly stopTimeout: number;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly systemd: "true" | "false" | "always";
  /** Seconds a container may run; 0: no limit. */
  readonly timeout: number;
  /** False: http, or https without verification, is allowed. */
  readonly tlsVerify: boolean;
  readonly tty: boolean;
  /** A zone name, or `local`. */
  readonly tz: string | undefined;
  readonly ulimits: readonly UlimitOption[];
  /** Octal mask; undefined: 0o022. */
  readonly umask: number | undefined;
  /** `name`, `uid`, `user:group` in any mix, as written. */
  readonly user: string | undefined;
  readonly uts: "private" | "host";
  readonly workdir: string | undefined;
}

export interface EnvOption {
  readonly name: string;
  readonly value: string | null;
}

/** `-v`, `--mount` and `--tmpfs`, one shape. `options` are mount options such as `ro`, `rshared`. */
export type MountOption =
  | {
    readonly kind: "bind";
    readonly source: string;
    readonly target: string;
    readonly options: readonly string[];
  }
  | {
    readonly kind: "volume";
    /** Empty: an anonymous volume. */
    readonly name: string;
    readonly target: string;
    readonly options: readonly string[];
  }
  | { readonly kind: "tmpfs"; readonly target: string; readonly options: readonly string[] };

/** `--device HOST[:CONTAINER][:rwm]`. */
export interface DeviceOption {
  readonly source: string;
  readonly target: string;
  /** Letters out of `rwm`. */
  readonly access: string;
}

/** `-p [IP:]HOST:CONTAINER[/PROTOCOL]`. */
export interface PublishOption {
  readonly hostAddress: string | undefined;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp";
}

/** `--ulimit NAME=SOFT[:HARD]`; -1: unlimited. */
export interface UlimitOption {
  /** Without the `RLIMIT_`, lower case, such as `nofile`. */
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

export type NetworkMode =
  | { readonly kind: "host" }
  | { readonly kind: "none" }
  | { readonly kind: "bridge" }
  | { readonly kind: "container"; readonly name: string };

export type PullPolicy = "always" | "newer" | "missing" | "never";

export interface RestartPolicy {
  readonly kind: "no" | "always" | "on-failure" | "unless-stopped";
  /** For `on-failure`; undefined: no limit. */
  readonly retries: number | undefined;
}
