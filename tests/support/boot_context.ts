/** What the boot tests of one file share: a build, and a registry with an image in it. */
import { type BootFiles } from "../../initramfs/boot_machine.ts";
import { build } from "../../initramfs/build.ts";
import { busyboxImage } from "../../initramfs/host/busybox_image.ts";
import { type ImageLayout, pushImage } from "../../initramfs/host/images.ts";
import { type RunningRegistry, startRegistry } from "../../initramfs/host/registry.ts";

export interface BootContext extends AsyncDisposable {
  readonly files: BootFiles;
  readonly registry: RunningRegistry;
  /** The image that the registry has as `demo:latest`. */
  readonly image: ImageLayout;
  /** A folder for whatever a test needs; goes with the context. */
  readonly folder: string;
}

/** The address of the context's registry, as a machine sees it, in the texts of a boot case. */
export const REGISTRY = "REGISTRY";

/** Builds what is not up to date, and starts a registry. */
export async function openBootContext(): Promise<BootContext> {
  await using stack = new AsyncDisposableStack();
  const files = await build();
  const image = await busyboxImage("out/images");
  const registry = stack.use(await startRegistry());
  await pushImage(image, registry, "demo:latest");
  const folder = await Deno.makeTempDir({ prefix: "boot-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const kept = stack.move();
  return { files, registry, image, folder, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
