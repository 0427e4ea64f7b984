/** A container's root: its image's layers below, a folder of its own on top (overlayfs). */
import { AgentError, SyscallError } from "../errors.ts";
import { MNT } from "../sys/kernel.ts";
import { parseMounts } from "../sys/mounts.ts";
import type { System } from "../sys/system.ts";
import { isPresent } from "./optional_file.ts";

export interface RootFilesystem extends Disposable {
  /** Where it is mounted. */
  readonly path: string;
}

/**
 * Mounts an overlay of layers in a bundle folder. The layers stay as they are; what the container
 * writes lies in the bundle folder. Disposing it unmounts it.
 * @param folder exists; gets `rootfs`, `upper` and `work`
 * @param layers folders, lowest first; none: an empty image
 * @throws SyscallError; AgentError for an image whose /dev is a link
 */
export function mountRootfs(
  sys: System,
  folder: string,
  layers: readonly string[],
): RootFilesystem {
  const path = `${folder}/rootfs`;
  for (const name of ["rootfs", "upper", "work", "empty"]) {
    Deno.mkdirSync(`${folder}/${name}`, { mode: 0o755 });
  }
  // Overlayfs refuses a folder that comes twice; all that a layer has shows in its uppermost place.
  const lower = layers.length > 0 ? [...new Set(layers.toReversed())] : [`${folder}/empty`];
  // The root of the merged tree has the attributes of the uppermost folder.
  copyAttributes(lower[0]!, `${folder}/upper`);
  sys.kernel.mountFilesystem(
    "overlay",
    [
      ["source", "overlay"],
      // Highest first.
      ...lower.map((layer) => ["lowerdir+", layer] as const),
      ["upperdir", `${folder}/upper`],
      ["workdir", `${folder}/work`],
      // An image could bring attributes that these would follow to other files of its layers.
      ["redirect_dir", "nofollow"],
      ["metacopy", "off"],
      ["index", "off"],
      // Nothing written here outlives the container: no need to wait for a disk.
      ["volatile"],
    ],
    path,
    0,
  );
  const root: RootFilesystem = { path, [Symbol.dispose]: () => unmountRootfs(sys, path) };
  try {
    // The runtime puts device nodes there; through a link they would land elsewhere.
    if (isPresent(`${path}/dev`) && Deno.lstatSync(`${path}/dev`).isSymlink) {
      throw new AgentError("Cannot use image: its /dev is a symbolic link");
    }
  } catch (error) {
    root[Symbol.dispose]();
    throw error;
  }
  return root;
}

/** Also what spread here from the container: the folder is going to be removed with all in it. */
function unmountRootfs(sys: System, path: string): void {
  const targets = parseMounts(Deno.readTextFileSync("/proc/self/mounts"))
    .map(({ target }) => target)
    .filter((target) => target === path || target.startsWith(`${path}/`));
  // The last one mounted is the first one that can go.
  for (const target of targets.toReversed()) {
    try {
      sys.kernel.unmount(target, 0);
    } catch (error) {
      if (!(error instanceof SyscallError) || error.code !== "EBUSY") throw error;
      // A process that outlived its container holds it; the mount goes when that does.
      sys.kernel.unmount(target, MNT.DETACH);
    }
  }
}

function copyAttributes(from: string, to: string): void {
  const { mode, uid, gid } = Deno.statSync(from);
  // Owner first: a change of it clears setuid and setgid.
  Deno.chownSync(to, uid, gid);
  if (mode !== null) Deno.chmodSync(to, mode & 0o7777);
}
