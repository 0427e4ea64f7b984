/** The configuration while it is gathered, and what it is when nothing is asked for. */
import type { Config, InterfaceConfig, KernelIp } from "./config.ts";

/** A configuration whose lists grow and whose values change. */
export type ConfigDraft =
  & {
    -readonly [
      K in keyof Omit<Config, "network" | "proxy" | "problems" | "unimplemented">
    ]: Config[K] extends readonly (infer T)[] ? T[] : Config[K];
  }
  & {
    readonly network: {
      interfaces: InterfaceConfig[];
      kernelIp: KernelIp | undefined;
      timeout: number;
    };
    readonly proxy: { http: string | undefined; https: string | undefined; no: string[] };
  };

/** Every default. */
export function emptyDraft(): ConfigDraft {
  return {
    containers: [],
    services: [],
    postContainers: [],
    pipefail: false,
    cacheDevice: { kind: "none" },
    swap: undefined,
    filesystems: [],
    volumes: [],
    s3Endpoints: [],
    imageStores: [],
    networkBlockDevices: [],
    network: { interfaces: [], kernelIp: undefined, timeout: 30 },
    ntp: { kind: "none" },
    extraArguments: undefined,
    hostname: "boot2container",
    keymap: undefined,
    modules: [],
    proxy: { http: undefined, https: undefined, no: [] },
    registries: [],
    logins: [],
    certificates: [],
    pull: "always",
    pullJobs: 3,
    verify: [],
    onFailure: "poweroff",
    poweroffDelay: 0,
    shutdownCommand: [],
    rebootCommand: [],
    events: undefined,
  };
}
