/** The media types of images (image-spec, media-types.md; Docker's schema 2). */

export const MANIFEST_TYPES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
] as const;

export const INDEX_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
] as const;

const SCHEMA_1_TYPES = [
  "application/vnd.docker.distribution.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v1+prettyjws",
];

/** What a registry may answer with when it is asked for a manifest. */
export const MANIFEST_ACCEPT = [...MANIFEST_TYPES, ...INDEX_TYPES].join(", ");

export type ManifestKind = "manifest" | "index" | "schema1" | "unknown";

/** What a media type, as a header or a field tells it, stands for. Parameters do not count. */
export function classifyManifestType(mediaType: string): ManifestKind {
  const bare = bareMediaType(mediaType);
  if ((MANIFEST_TYPES as readonly string[]).includes(bare)) return "manifest";
  if ((INDEX_TYPES as readonly string[]).includes(bare)) return "index";
  if (SCHEMA_1_TYPES.includes(bare)) return "schema1";
  return "unknown";
}

/** Without parameters, in lower case. */
export function bareMediaType(mediaType: string): string {
  return (mediaType.split(";")[0] ?? "").trim().toLowerCase();
}

const CONFIG_TYPES = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];

/** True for the configuration of an image to run; artifacts have others. */
export function isImageConfigType(mediaType: string): boolean {
  return CONFIG_TYPES.includes(mediaType);
}

const LAYER =
  /^application\/vnd\.(?:oci\.image\.layer\.(nondistributable\.)?v1\.tar(?:\+gzip|\+zstd)?|docker\.image\.rootfs\.(foreign\.)?diff\.tar(?:\.gzip|\.zstd)?)$/;

/** What a layer's media type means; undefined: it is none that can be unpacked. */
export function parseLayerType(
  mediaType: string,
): { /** May lie elsewhere than in the registry. */ readonly foreign: boolean } | undefined {
  const match = LAYER.exec(mediaType);
  return match ? { foreign: (match[1] ?? match[2]) !== undefined } : undefined;
}
