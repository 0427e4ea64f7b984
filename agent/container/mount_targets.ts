/** Where a container's own mounts go, and which of them are volumes. */
import { posix } from "node:path";
import type { ContainerOptions, MountOption } from "../config/container_config.ts";
import { AgentError } from "../errors.ts";
import type { ImageRunConfig } from "../oci/image.ts";

/**
 * Plans the mounts that a container asks for: its options', then the image's `Volumes` (image-spec,
 * config.md) where no option has taken the place, as anonymous volumes. Targets come out clean.
 * @throws AgentError for a target that is relative or taken twice
 */
export function planOwnMounts(
  image: ImageRunConfig,
  options: ContainerOptions,
): readonly MountOption[] {
  const mounts = options.mounts.map((mount) => ({ ...mount, target: cleanTarget(mount.target) }));
  const taken = new Set<string>();
  for (const { target } of mounts) {
    if (taken.has(target)) throw new AgentError(`Cannot mount at ${target}: named twice`);
    taken.add(target);
  }
  const volumes = Object.keys(image.Volumes ?? {})
    .map((target) => posix.resolve("/", target))
    .filter((target) => target !== "/" && !taken.has(target))
    .map((target): MountOption => ({ kind: "volume", name: "", target, options: [] }));
  return [...mounts, ...volumes];
}

function cleanTarget(target: string): string {
  if (!target.startsWith("/")) {
    throw new AgentError(`Cannot mount at ${target}: the place in the container must be absolute`);
  }
  return posix.resolve(target);
}
