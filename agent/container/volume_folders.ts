/** The folders behind a container's volumes. */
import type { MountOption } from "../config/container_config.ts";
import { AgentError } from "../errors.ts";
import type { System } from "../sys/system.ts";
import { chooseVolumeOptions } from "./mount_options.ts";
import type { VolumeFolders } from "./mounts_config.ts";
import { openPathInRoot } from "./path_in_root.ts";

const COPY_LIMIT_MS = 600_000;

/**
 * Makes the folders of anonymous volumes, and fills every empty volume with what the image has at
 * its place, as podman does.
 * @param folder for anonymous volumes; made when there are any
 * @param named folders of named volumes
 * @throws AgentError for a name without a volume; CommandError when content cannot be copied
 */
export async function createVolumeFolders(
  sys: System,
  folder: string,
  root: string,
  mounts: readonly MountOption[],
  named: ReadonlyMap<string, string>,
): Promise<VolumeFolders> {
  const anonymous = new Map<string, string>();
  for (const mount of mounts) {
    if (mount.kind !== "volume") continue;
    let volume: string | undefined;
    if (mount.name === "") {
      volume = `${folder}/${anonymous.size}`;
      Deno.mkdirSync(volume, { recursive: true });
      anonymous.set(mount.target, volume);
    } else {
      volume = named.get(mount.name);
    }
    if (volume === undefined) {
      throw new AgentError(`Cannot mount volume ${mount.name} at ${mount.target}: no such volume`, {
        hint: `add b2c.volume=${mount.name}, or write an absolute path for a folder`,
      });
    }
    if (chooseVolumeOptions(mount.options).copyUp && isEmpty(volume)) {
      await copyContent(sys, root, mount.target, volume);
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
