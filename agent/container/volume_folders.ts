/** The folders behind a container's volumes. */
import type { MountOption } from "../config/container_config.ts";
import type { System } from "../sys/system.ts";
import { chooseVolumeOptions } from "./mount_options.ts";
import type { VolumeFolders } from "./mounts_config.ts";
import { openPathInRoot } from "./path_in_root.ts";

const COPY_LIMIT_MS = 600_000;

/** Where volumes lie. */
export interface VolumePlaces {
  /** A folder for this container's anonymous volumes; made when there are any. */
  readonly anonymous: string;
  /** A folder for volumes that no directive describes; made when there are any, and kept. */
  readonly plain: string;
  /** Folders of the volumes that a directive describes, by name. */
  readonly named: ReadonlyMap<string, string>;
}

/**
 * Makes the folders of volumes that have none, and fills every empty volume with what the image
 * has at its place, as podman does.
 * @throws CommandError when content cannot be copied
 */
export async function createVolumeFolders(
  sys: System,
  root: string,
  mounts: readonly MountOption[],
  places: VolumePlaces,
): Promise<VolumeFolders> {
  const anonymous = new Map<string, string>();
  const named = new Map(places.named);
  for (const mount of mounts) {
    if (mount.kind !== "volume") continue;
    const { name, target, options } = mount;
    const folder = name === ""
      ? `${places.anonymous}/${anonymous.size}`
      : named.get(name) ?? `${places.plain}/${name}`;
    await Deno.mkdir(folder, { recursive: true });
    if (name === "") anonymous.set(target, folder);
    else named.set(name, folder);
    if (chooseVolumeOptions(options).copyUp && isEmpty(folder)) {
      await copyContent(sys, root, target, folder);
    }
  }
  return { named, anonymous };
}

/** Owner, mode and times of the folder itself come along. */
async function copyContent(sys: System, root: string, from: string, to: string): Promise<void> {
  using source = openPathInRoot(root, from);
  if (!source || !Deno.statSync(source.path).isDirectory) return;
  await sys.spawn.run(["/bin/cp", "-a", `${source.path}/.`, `${to}/`], {
    timeoutMs: COPY_LIMIT_MS,
  });
}

function isEmpty(folder: string): boolean {
  for (const _ of Deno.readDirSync(folder)) return false;
  return true;
}
