/** The whole configuration of a boot, typed. What stands here is valid: it was parsed once. */
import type { Problem } from "../errors.ts";
import type { ContainerConfig, PullPolicy } from "./container_config.ts";

/** Everything the command line (and what it names) asks for. Sizes are bytes, times seconds. */
export interface Config {
  readonly containers: readonly ContainerConfig[];
  readonly services: readonly ContainerConfig[];
  readonly postContainers: readonly ContainerConfig[];
  readonly pipefail: boolean;

  readonly cacheDevice: CacheDevice;
  readonly swap: Swap | undefined;
  readonly filesystems: readonly FilesystemConfig[];
  readonly volumes: readonly VolumeConfig[];
  readonly s3Endpoints: readonly S3Endpoint[];
  readonly imageStores: readonly string[];
  readonly networkBlockDevices: readonly NetworkBlockDevice[];

  readonly network: NetworkConfig;
  readonly ntp: NtpPeer;
  readonly extraArguments: ExtraArguments | undefined;
  readonly hostname: string;
  readonly keymap: string | undefined;
  readonly modules: readonly ModuleRequest[];
  readonly proxy: ProxyConfig;

  readonly registries: readonly RegistryConfig[];
  readonly logins: readonly LoginConfig[];
  readonly certificates: readonly CertificateSource[];
  readonly pull: PullPolicy;
  readonly pullJobs: number;
  readonly verify: readonly VerifyRule[];

  readonly onFailure: "poweroff" | "reboot" | "shell" | "halt";
  readonly poweroffDelay: number;
  readonly shutdownCommand: readonly string[];
  readonly rebootCommand: readonly string[];
  readonly events: EventSink | undefined;

  /**
   * What was asked for and this version cannot carry out yet, each once: `b2c.swap`,
   * `b2c.on_failure=shell`, `b2c.run --publish`.
   */
  readonly unimplemented: readonly string[];
  /** Every mistake found, in the order of the text; with an essential one nothing may run. */
  readonly problems: readonly Problem[];
}

export type CacheDevice =
  | { readonly kind: "none" }
  | { readonly kind: "auto"; readonly wipe: boolean }
  | { readonly kind: "reset"; readonly wipe: boolean }
  /** `/dev/X`, `PARTUUID=…`, `LABEL=…`. */
  | { readonly kind: "device"; readonly device: string; readonly wipe: boolean }
  | { readonly kind: "filesystem"; readonly name: string };

export type Swap =
  | { readonly kind: "file"; readonly size: number; readonly swappiness: number | undefined }
  | { readonly kind: "device"; readonly device: string; readonly swappiness: number | undefined }
  | { readonly kind: "zram" };

export interface FilesystemConfig {
  readonly name: string;
  readonly source: string;
  /** undefined: what the kernel finds. */
  readonly type: string | undefined;
  readonly options: readonly string[];
}

export type SyncMoment =
  | "pipeline_start"
  | "container_start"
  | "container_end"
  | "pipeline_end"
  | "changes";

/** `ALIAS/BUCKET[/PREFIX]`. */
export interface S3Location {
  readonly alias: string;
  readonly bucket: string;
  readonly prefix: string;
}

export interface VolumeConfig {
  readonly name: string;
  readonly pullFrom: S3Location | undefined;
  readonly pushTo: S3Location | undefined;
  readonly pullOn: readonly SyncMoment[];
  readonly pushOn: readonly SyncMoment[];
  readonly overwrite: boolean;
  readonly remove: boolean;
  readonly exclude: readonly string[];
  /** `ALIAS/PREFIX=KEY` or KEY, as written. Secret. */
  readonly encryptKeys: readonly string[];
  readonly preserve: boolean;
  readonly expiration: "never" | "pipeline_end";
  readonly filesystem: string | undefined;
  /** 64 bytes. Secret. */
  readonly fscryptKey: Uint8Array | undefined;
  readonly fscryptResetKey: boolean;
}

export interface S3Endpoint {
  readonly alias: string;
  readonly url: string;
  readonly accessKey: string;
  /** Secret. */
  readonly secretKey: string;
}

export interface NetworkBlockDevice {
  readonly device: string;
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly exportName: string;
}

export interface NetworkConfig {
  readonly interfaces: readonly InterfaceConfig[];
  readonly kernelIp: KernelIp | undefined;
  /** Seconds. */
  readonly timeout: number;
}

/** `b2c.iface=NAME,…`. */
export interface InterfaceConfig {
  /** An interface's name, or its MAC address in lower case with colons. */
  readonly name: string;
  readonly dhcp: boolean;
  /** CIDR notation. */
  readonly addresses: readonly string[];
  readonly gateways: readonly string[];
  readonly nameServers: readonly string[];
  readonly routes: readonly { readonly destination: string; readonly via: string }[];
  readonly forward: boolean;
}

/** `ip=` in the kernel's syntax (Documentation/admin-guide/nfs/nfsroot.rst); empty fields are undefined. */
export interface KernelIp {
  readonly client: string | undefined;
  readonly gateway: string | undefined;
  readonly netmask: string | undefined;
  readonly hostname: string | undefined;
  readonly device: string | undefined;
  readonly autoconf: "dhcp" | "off";
  readonly nameServers: readonly string[];
  readonly timeServer: string | undefined;
}

export type NtpPeer =
  | { readonly kind: "none" }
  | { readonly kind: "auto" }
  | { readonly kind: "host"; readonly host: string };

export interface ExtraArguments {
  /** May hold `${mac} ${ip} ${hostname} ${uuid} ${serial}`. */
  readonly url: string;
  /** Lower-case hex. */
  readonly sha256: string | undefined;
}

export interface ModuleRequest {
  readonly name: string;
  /** As the kernel takes them: `si_support=1`. */
  readonly options: readonly string[];
}

export interface ProxyConfig {
  readonly http: string | undefined;
  readonly https: string | undefined;
  readonly no: readonly string[];
}

export interface RegistryConfig {
  /** `*` for all. */
  readonly host: string;
  readonly insecure: boolean;
  readonly mirrors: readonly string[];
  readonly certificates: readonly string[];
}

export type LoginConfig =
  | {
    readonly kind: "password";
    readonly host: string;
    readonly user: string;
    /** Secret. */
    readonly password: string;
  }
  | { readonly kind: "file"; readonly host: string; readonly path: string };

export interface CertificateSource {
  /** A path, or an http(s) URL. */
  readonly source: string;
  readonly sha256: string | undefined;
}

export interface VerifyRule {
  readonly pattern: string;
  readonly verdict:
    | { readonly kind: "key"; readonly path: string }
    | { readonly kind: "accept" }
    | { readonly kind: "deny" };
}

export type EventSink =
  | { readonly kind: "console" }
  | { readonly kind: "virtio"; readonly name: string }
  | { readonly kind: "url"; readonly url: string };
