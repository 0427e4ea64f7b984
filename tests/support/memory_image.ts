/** Images made in memory, as a registry has them: manifests and blobs by their digest. */
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";

export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of manifests. */
  readonly mediaType: string;
}

/** What a registry holds of one repository. */
export interface MemoryImage {
  /** Of the manifest, or of the index when there is one. */
  readonly digest: string;
  readonly manifests: ReadonlyMap<string, Content>;
  readonly blobs: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Of the layers' blobs, lowest first. */
  readonly layerDigests: readonly string[];
  readonly configDigests: readonly string[];
  readonly diffIds: readonly string[];
}

export interface MemoryImageOptions {
  /** Tar archives, lowest layer first. */
  readonly layers: readonly Uint8Array<ArrayBuffer>[];
  readonly compression?: "none" | "gzip" | "zstd";
  readonly platform?: { readonly os: string; readonly architecture: string };
  /** The `config` object of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly docker?: boolean;
  /** Changes the configuration before it is written: for what nobody should send. */
  readonly changeConfig?: (config: Record<string, unknown>) => void;
  /** Changes the manifest before it is written. */
  readonly changeManifest?: (manifest: Record<string, unknown>) => void;
}

export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function toJson(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Makes an image. */
export function makeMemoryImage(options: MemoryImageOptions): MemoryImage {
  const { compression = "gzip", docker = false } = options;
  const { os, architecture } = options.platform ?? { os: "linux", architecture: "amd64" };
  const layers = options.layers.map((tar) => compress(tar, compression));
  const diffIds = options.layers.map(sha256);
  const config: Record<string, unknown> = {
    ...{ os, architecture, config: options.config ?? {} },
    rootfs: { type: "layers", diff_ids: diffIds },
  };
  options.changeConfig?.(config);
  const configBytes = toJson(config);
  const manifest: Record<string, unknown> = {
    schemaVersion: 2,
    mediaType: docker ? DOCKER_MANIFEST : OCI_MANIFEST,
    config: describeBlob(
      docker
        ? "application/vnd.docker.container.image.v1+json"
        : "application/vnd.oci.image.config.v1+json",
      configBytes,
    ),
    layers: layers.map((bytes) => describeBlob(layerType(compression, docker), bytes)),
  };
  options.changeManifest?.(manifest);
  const bytes = toJson(manifest);
  const mediaType = String(manifest.mediaType ?? OCI_MANIFEST);
  return {
    digest: sha256(bytes),
    manifests: new Map([[sha256(bytes), { bytes, mediaType }]]),
    blobs: new Map([configBytes, ...layers].map((blob) => [sha256(blob), blob])),
    layerDigests: layers.map(sha256),
    configDigests: [sha256(configBytes)],
    diffIds,
  };
}

/** An entry of an index. */
export interface IndexedImage {
  readonly image: MemoryImage;
  readonly platform?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Puts images, or indexes, under one index. */
export function makeMemoryIndex(entries: readonly IndexedImage[]): MemoryImage {
  const manifests = entries.map(({ image, platform, annotations }) => {
    const { bytes, mediaType } = image.manifests.get(image.digest)!;
    return {
      ...describeBlob(mediaType, bytes),
      ...(platform ? { platform } : {}),
      ...(annotations ? { annotations } : {}),
    };
  });
  const bytes = toJson({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
  const [first] = entries;
  return {
    ...first!.image,
    digest: sha256(bytes),
    manifests: new Map([
      [sha256(bytes), { bytes, mediaType: OCI_INDEX }],
      ...entries.flatMap(({ image }) => [...image.manifests]),
    ]),
    blobs: new Map(entries.flatMap(({ image }) => [...image.blobs])),
    configDigests: entries.flatMap(({ image }) => image.configDigests),
  };
}

function describeBlob(mediaType: string, bytes: Uint8Array) {
  return { mediaType, digest: sha256(bytes), size: bytes.length };
}

function compress(
  tar: Uint8Array<ArrayBuffer>,
  compression: "none" | "gzip" | "zstd",
): Uint8Array<ArrayBuffer> {
  if (compression === "none") return tar;
  return new Uint8Array(compression === "gzip" ? gzipSync(tar) : zstdCompressSync(tar));
}

function layerType(compression: "none" | "gzip" | "zstd", docker: boolean): string {
  const base = docker
    ? "application/vnd.docker.image.rootfs.diff.tar"
    : "application/vnd.oci.image.layer.v1.tar";
  return compression === "none" ? base : `${base}${docker ? "." : "+"}${compression}`;
}
