/**
 * From an image's configuration and a container's options to the runtime's config.json, as podman
 * would write it (image-spec, conversion.md; runtime-spec, config.md). Nothing here touches the
 * machine: what depends on it comes in as facts.
 */
import type { ContainerConfig, EnvOption } from "../config/container_config.ts";
import { AgentError } from "../errors.ts";
import type { ImageRunConfig } from "../oci/image.ts";
import { planCapabilities } from "./capabilities.ts";
import { planLinux } from "./linux_config.ts";
import type { MachineFacts } from "./machine_facts.ts";
import { type GeneratedFiles, planMounts, type VolumeFolders } from "./mounts_config.ts";
import { planOwnMounts } from "./mount_targets.ts";
import { chooseArguments } from "./process_arguments.ts";
import { planProcess } from "./process_config.ts";
import type { MountSpec, RuntimeSpec } from "./runtime_spec.ts";
import type { SeccompProfile } from "./seccomp_config.ts";
import { parseSignal, SIGRTMIN_PLUS_3, SIGTERM } from "./signals.ts";
import { isSystemdContainer } from "./systemd_mode.ts";
import type { ChosenUser } from "./users.ts";

export interface RuntimeSources {
  /** 64 hex digits, of this run alone. */
  readonly id: string;
  readonly image: ImageRunConfig;
  readonly container: ContainerConfig;
  readonly facts: MachineFacts;
  readonly user: ChosenUser;
  /** Where the container's root is mounted, absolute. */
  readonly rootfs: string;
  /** The container's cgroup, from the root of the tree. */
  readonly cgroup: string;
  readonly files: GeneratedFiles;
  readonly folders: VolumeFolders;
  /** Entries of the `--env-file` files, in order. */
  readonly environmentFiles: readonly EnvOption[];
  /** `B2C_PIPELINE_…`. */
  readonly pipelineEnvironment: Readonly<Record<string, string>>;
  /** `http_proxy` and its kind. */
  readonly proxyEnvironment: Readonly<Record<string, string>>;
  /** The profile that `--security-opt seccomp` means; undefined where needsSeccomp says no. */
  readonly seccomp: SeccompProfile | undefined;
  /** A program for `--init` on the machine; undefined: there is none. */
  readonly initProgram: string | undefined;
  /** As a path; undefined: the machine's, or with `--network=none` one of the runtime's own. */
  readonly networkNamespace: string | undefined;
}

// Nothing here needs more, and crun before 1.9 refuses a later one.
const OCI_VERSION = "1.0.2";
const INIT_TARGET = "/run/podman-init";

/**
 * Renders the runtime configuration.
 * @throws AgentError for an option that cannot be had, naming it
 */
export function renderRuntimeConfig(sources: RuntimeSources): RuntimeSpec {
  const { image, container: { options }, facts } = sources;
  if (needsSeccomp(options) && sources.seccomp === undefined) {
    throw new TypeError("Cannot render a confined container: no seccomp profile given");
  }
  const args = chooseContainerArguments(image, sources.container);
  const systemd = isSystemd(args, sources.container);
  const hostname = chooseHostname(sources);
  const capabilities = planCapabilities({
    privileged: options.privileged,
    add: options.capAdd,
    drop: options.capDrop,
    uid: sources.user.uid,
  }, facts.capabilities);
  const mounts = [
    ...planMounts({
      options,
      ownMounts: planOwnMounts(image, options),
      folders: sources.folders,
      files: sources.files,
      systemd,
    }),
    ...(options.init ? [planInitMount(sources.initProgram)] : []),
  ];
  // Labels stay out: the runtime acts on some of them, and an image must not steer it.
  const annotations = options.annotations;
  return {
    ociVersion: OCI_VERSION,
    process: planProcess({
      ...sources,
      args: options.init ? [INIT_TARGET, "--", ...args] : args,
      options,
      capabilities,
      hostname,
      containerUuid: systemd ? sources.id.slice(0, 32) : undefined,
    }),
    root: { path: sources.rootfs, ...(options.readOnly ? { readonly: true } : {}) },
    ...(options.uts === "host" ? {} : { hostname }),
    mounts,
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    linux: planLinux({
      ...sources,
      options,
      mounts,
      systemd,
      capabilities: capabilities.bounding,
    }),
  };
}

/** True when a container runs under a seccomp filter. */
export function needsSeccomp(options: ContainerConfig["options"]): boolean {
  return !options.privileged && options.seccomp !== "unconfined";
}

/** The host name that a container sees: its own, the machine's with the machine's network. */
export function chooseHostname(
  sources: Pick<RuntimeSources, "id" | "container" | "facts">,
): string {
  const { options } = sources.container;
  if (options.uts === "host" && options.hostname !== undefined) {
    throw new AgentError("Cannot use --hostname: --uts=host has the machine's");
  }
  const isMachines = options.uts === "host" || options.network.kind === "host";
  return options.hostname ?? (isMachines ? sources.facts.hostname : sources.id.slice(0, 12));
}

/** The number of the signal that asks a container to end: the user's, the image's, its program's. */
export function chooseStopSignal(image: ImageRunConfig, container: ContainerConfig): number {
  const text = container.options.stopSignal ?? image.StopSignal;
  if (text) return parseSignal(text);
  const args = chooseContainerArguments(image, container);
  return isSystemd(args, container) ? SIGRTMIN_PLUS_3 : SIGTERM;
}

function chooseContainerArguments(
  image: ImageRunConfig,
  container: ContainerConfig,
): readonly string[] {
  return chooseArguments({
    imageEntrypoint: image.Entrypoint ?? [],
    imageCommand: image.Cmd ?? [],
    entrypoint: container.options.entrypoint,
    command: container.command,
  });
}

function isSystemd(args: readonly string[], { options }: ContainerConfig): boolean {
  if (!options.init) return isSystemdContainer(args, options.systemd);
  if (options.systemd === "always") {
    throw new AgentError("Cannot use --init with --systemd=always: systemd is an init itself");
  }
  return false;
}

function planInitMount(program: string | undefined): MountSpec {
  if (program === undefined) {
    throw new AgentError("Cannot use --init: this system has no init program for containers");
  }
  return {
    destination: INIT_TARGET,
    type: "bind",
    source: program,
    options: ["bind", "ro", "private"],
  };
}
