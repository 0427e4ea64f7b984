/** What a pull hands on: the image's configuration and its layer folders. */

/** `sha256:<64 lower-case hex digits>` (image-spec, descriptor.md "Digests"). */
export type Digest = string;

/** A pointer to a blob (image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly urls?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The `config` object of an image configuration (image-spec, config.md); absent means unset. */
export interface ImageRunConfig {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly Volumes?: Readonly<Record<string, unknown>> | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly StopSignal?: string;
  readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
}

/** An image configuration (image-spec, config.md), checked for the fields the agent uses. */
export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly config: ImageRunConfig;
  /** diffIDs, lowest layer first. */
  readonly diffIds: readonly Digest[];
}

/** An image that lies unpacked in a store. */
export interface PulledImage {
  /** Fully qualified, such as `docker.io/library/alpine:latest`. */
  readonly reference: string;
  /** Of the manifest of the chosen platform. */
  readonly digest: Digest;
  readonly config: ImageConfig;
  /** Absolute folders, lowest layer first. */
  readonly layers: readonly string[];
  /** Bytes that came over the network. */
  readonly bytes: number;
  /** True when no layer had to be fetched. */
  readonly cached: boolean;
  readonly ms: number;
}
