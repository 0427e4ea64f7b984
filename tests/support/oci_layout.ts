/** Writes images as OCI layouts (image-spec, image-layout.md), blob by blob. */
import { createHash } from "node:crypto";

export interface LayoutDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface LayoutLayer {
  readonly descriptor: LayoutDescriptor;
  readonly diffId: string;
}

export const MEDIA_TYPE = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
} as const;

/** Where blobs of a layout lie, by their digest without its prefix. */
export function blobFolder(layout: string): string {
  return `${layout}/blobs/sha256`;
}

export async function writeBlob(
  layout: string,
  mediaType: string,
  bytes: Uint8Array,
): Promise<LayoutDescriptor> {
  const hex = createHash("sha256").update(bytes).digest("hex");
  await Deno.mkdir(blobFolder(layout), { recursive: true });
  await Deno.writeFile(`${blobFolder(layout)}/${hex}`, bytes);
  return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
}

/** Writes all of an image but its layers' blobs, which are there already. */
export async function writeImage(
  layout: string,
  tag: string,
  layers: readonly LayoutLayer[],
): Promise<void> {
  const writeJson = (mediaType: string, value: unknown) =>
    writeBlob(layout, mediaType, new TextEncoder().encode(JSON.stringify(value)));
  const config = await writeJson(MEDIA_TYPE.config, {
    architecture: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
    os: "linux",
    config: { Cmd: ["/bin/true"] },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const manifest = await writeJson(MEDIA_TYPE.manifest, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config,
    layers: layers.map(({ descriptor }) => descriptor),
  });
  const named = { ...manifest, annotations: { "org.opencontainers.image.ref.name": tag } };
  const index = { schemaVersion: 2, manifests: [named] };
  await Deno.writeTextFile(`${layout}/index.json`, JSON.stringify(index));
  await Deno.writeTextFile(`${layout}/oci-layout`, '{"imageLayoutVersion":"1.0.0"}');
}
