/** The `mounts` of the runtime configuration (runtime-spec, config.md "Mounts"). */
import { assertNever } from "../errors.ts";
import type { ContainerOptions, MountOption } from "../config/container_config.ts";
import { chooseBindOptions, chooseTmpfsOptions, chooseVolumeOptions } from "./mount_options.ts";
import { planPseudoFilesystems } from "./pseudo_filesystems.ts";
import type { MountSpec } from "./runtime_spec.ts";
import { SYSTEMD_TMPFS } from "./systemd_mode.ts";

/** Files of the agent's that cover the image's, by their path in the container. */
export type GeneratedFiles = ReadonlyMap<string, string>;

/** The folders behind volumes. */
export interface VolumeFolders {
  /** By name. */
  readonly named: ReadonlyMap<string, string>;
  /** By the place in the container. */
  readonly anonymous: ReadonlyMap<string, string>;
}

export interface MountSources {
  readonly options: ContainerOptions;
  /** As planOwnMounts gives them. */
  readonly ownMounts: readonly MountOption[];
  readonly folders: VolumeFolders;
  readonly files: GeneratedFiles;
  readonly systemd: boolean;
}

/** In a container whose root is read-only, programs still get these to write in. */
const READ_ONLY_TMPFS = ["/run", "/tmp", "/var/tmp"];

/**
 * Plans every mount of a container. A mount that the user asks for takes the place of the agent's
 * own at the same target.
 * @returns upper folders before what lies in them
 * @throws AgentError for an option word that cannot be used, and for a volume without a folder
 */
export function planMounts(sources: MountSources): readonly MountSpec[] {
  const { options, ownMounts, files, systemd } = sources;
  const own = ownMounts.map((mount) => planOwnMount(mount, sources.folders));
  const taken = new Set(own.map(({ destination }) => destination));
  // What the user mounts on /dev brings its own terminals and queues.
  const coveredDev = taken.has("/dev");
  const pseudo = planPseudoFilesystems(options, systemd)
    .filter(({ destination }) => !(coveredDev && /^\/dev\/(?:pts|mqueue)$/.test(destination)));
  const tmpfs = new Set([
    ...(systemd ? SYSTEMD_TMPFS : []),
    ...(options.readOnly ? READ_ONLY_TMPFS : []),
  ]);
  const added = [
    ...pseudo,
    ...[...tmpfs].map(planTmpfs),
    ...[...files].map(([destination, source]) => planFile(destination, source, options.readOnly)),
  ];
  const mounts = [...added.filter(({ destination }) => !taken.has(destination)), ...own];
  return mounts.toSorted((a, b) => depthOf(a.destination) - depthOf(b.destination));
}

function planOwnMount(mount: MountOption, folders: VolumeFolders): MountSpec {
  const destination = mount.target;
  switch (mount.kind) {
    case "bind": {
      const { options } = chooseBindOptions(mount.options);
      return { destination, type: "bind", source: mount.source, options };
    }
    case "volume": {
      const { options } = chooseVolumeOptions(mount.options);
      const source = mount.name === ""
        ? folders.anonymous.get(destination)
        : folders.named.get(mount.name);
      if (source === undefined) {
        throw new TypeError(
          `Cannot mount volume ${mount.name} at ${destination}: it has no folder`,
        );
      }
      return { destination, type: "bind", source, options };
    }
    case "tmpfs":
      return { ...planTmpfs(destination), options: chooseTmpfsOptions(mount.options).options };
    default:
      return assertNever(mount);
  }
}

function planTmpfs(destination: string): MountSpec {
  return { destination, type: "tmpfs", source: "tmpfs", options: chooseTmpfsOptions([]).options };
}

function planFile(destination: string, source: string, readOnly: boolean): MountSpec {
  const extra = readOnly ? ["ro", "nosuid", "noexec", "nodev"] : [];
  return { destination, type: "bind", source, options: ["bind", "rprivate", ...extra] };
}

function depthOf(path: string): number {
  return path === "/" ? 0 : path.split("/").length - 1;
}
