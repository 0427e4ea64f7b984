/** From a reference to one image: its manifest for a platform, and its configuration. */
import { AgentError, IntegrityError } from "../errors.ts";
import { quoteForeign } from "../quote_foreign.ts";
import { chooseImage } from "./choose_image.ts";
import type { Descriptor, Digest, ImageConfig } from "./image.ts";
import { parseImageConfig } from "./image_config.ts";
import type { ImageManifest } from "./manifest.ts";
import { type Platform, rankPlatform, renderPlatform } from "./platform.ts";
import { isUnreachable, type MirrorState, pullFromFirst } from "./pull_from_first.ts";
import { type RegistryReference, renderReference } from "./reference.ts";
import type { FetchedManifest, Registry } from "./registry.ts";

export interface ResolvedImage {
  /** Of the manifest or index that the reference names. */
  readonly namedDigest: Digest;
  /** Of the manifest of the chosen platform. */
  readonly digest: Digest;
  readonly config: ImageConfig;
  /** Lowest first; as many as `config.diffIds`. */
  readonly layers: readonly Descriptor[];
  /** What came over the network. */
  readonly bytes: number;
}

/** An index may name indexes, which may not. */
const INDEX_DEPTH = 2;

/**
 * Fetches what says what an image is made of.
 * @throws RegistryError, IntegrityError, AgentError
 */
export async function fetchImage(
  registries: readonly Registry[],
  reference: RegistryReference,
  platform: Platform,
  state: MirrorState,
): Promise<ResolvedImage> {
  const what = renderReference(reference);
  const named = await fetchNamed(registries, reference, state);
  let current: FetchedManifest = named;
  let bytes = named.bytes.length;
  for (let depth = 0; current.manifest.kind === "index"; depth++) {
    if (depth === INDEX_DEPTH) {
      throw new AgentError(`Cannot use ${what}: indexes are nested more than ${INDEX_DEPTH} deep`);
    }
    const { digest, size } = chooseImage(what, current.manifest, platform);
    current = await pullFromFirst(
      registries,
      state,
      (registry) => registry.fetchManifest(digest, size, state.signal),
    );
    bytes += current.bytes.length;
  }
  const { manifest, digest } = current;
  const config = await fetchImageConfig(registries, what, manifest, platform, state);
  bytes += manifest.config.size;
  return { namedDigest: named.digest, digest, config, layers: manifest.layers, bytes };
}

async function fetchNamed(
  registries: readonly Registry[],
  { tag, digest }: RegistryReference,
  state: MirrorState,
): Promise<FetchedManifest> {
  const fetch = (name: string) => (registry: Registry) =>
    registry.fetchManifest(name, undefined, state.signal);
  if (digest !== undefined) return await pullFromFirst(registries, state, fetch(digest));
  // What a tag points to only the registry knows, or a mirror that may say so.
  const byTag = fetch(tag ?? "latest");
  const knowing = registries.filter(({ endpoint }) => endpoint.resolvesTags);
  const others = registries.filter(({ endpoint }) => !endpoint.resolvesTags);
  try {
    return await pullFromFirst(knowing, state, byTag);
  } catch (error) {
    state.signal.throwIfAborted();
    if (others.length === 0 || !isUnreachable(error)) throw error;
    const found = await pullFromFirst(others, state, byTag).catch(() => {
      throw error;
    });
    state.log?.warn(
      `${registries.at(-1)?.endpoint.host} cannot be reached; ` +
        `a mirror says what the tag ${tag} points to`,
    );
    return found;
  }
}

async function fetchImageConfig(
  registries: readonly Registry[],
  image: string,
  manifest: ImageManifest,
  platform: Platform,
  state: MirrorState,
): Promise<ImageConfig> {
  const what = `config of ${image}`;
  const bytes = await pullFromFirst(
    registries,
    state,
    (registry) => registry.fetchConfig(manifest.config, state.signal),
  );
  const config = parseImageConfig(what, bytes);
  const { length } = config.diffIds;
  if (length !== manifest.layers.length) {
    throw new IntegrityError(what, `${manifest.layers.length} diffIDs`, `${length}`);
  }
  if (config.os !== platform.os) {
    throw new AgentError(`Cannot use ${image}: it is for ${quoteForeign(renderPlatform(config))}`);
  }
  if (rankPlatform(config, platform) === undefined) {
    // Not refused: the kernel may have an interpreter for it (binfmt_misc).
    state.log?.warn(
      `${image} is for ${quoteForeign(renderPlatform(config))}, not for ${
        renderPlatform(platform)
      }`,
    );
  }
  return config;
}
