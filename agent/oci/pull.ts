/** Pulling: from a reference to an image that lies unpacked in the store. */
import { AgentError, describe, HttpError, TimeoutError } from "../errors.ts";
import type { System } from "../sys/system.ts";
import type { Digest, PulledImage } from "./image.ts";
import type { LayerUnpacker } from "./layer_unpacker.ts";
import { readMachinePlatform } from "./machine_platform.ts";
import { parsePlatform, type Platform, rankPlatform } from "./platform.ts";
import { type MirrorState, pullFromFirst } from "./pull_from_first.ts";
import { pullLayers, type PullProgress } from "./pull_layers.ts";
import { parseReference, type RegistryReference, renderReference } from "./reference.ts";
import type { PullLog, Registries } from "./registries.ts";
import type { Registry } from "./registry.ts";
import { fetchImage } from "./resolve_image.ts";
import type { Store, StoredImage } from "./store.ts";

/**
 * `always`: what the registry has now, or what is stored when nobody answers. `newer`: the same,
 * and whatever goes wrong there does not matter when the image is stored. `missing`: only what is
 * not stored. `never`: only what is stored.
 */
export type PullPolicy = "always" | "newer" | "missing" | "never";

export interface PullRequest {
  /** As the user wrote it. */
  readonly reference: string;
  /** `linux/arm64/v8` and the like. Default: this machine's. */
  readonly platform?: string | undefined;
  /** Default: always. */
  readonly policy?: PullPolicy | undefined;
  /** False: https without verification, and http, are allowed. Default: true. */
  readonly tlsVerify?: boolean | undefined;
}

export interface PullTools {
  readonly store: Store;
  readonly unpacker: LayerUnpacker;
  readonly registries: Registries;
  /** Called as bytes come. */
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
  readonly log?: PullLog | undefined;
  /** Ends the pull. */
  readonly signal?: AbortSignal | undefined;
}

/** With something stored to fall back on, an unreachable registry is not waited for. */
const QUICK = { tries: 2, firstDelayMs: 500, capMs: 500 } as const;

/**
 * Pulls an image. May run for several images at once: what they share is fetched once.
 * @throws AgentError (reference, policy, platform, malformed image), RegistryError, HttpError,
 * TimeoutError, IntegrityError, ArchiveError, SyscallError, the signal's reason
 */
export async function pullImage(
  sys: System,
  request: PullRequest,
  tools: PullTools,
): Promise<PulledImage> {
  const start = sys.clock.uptime();
  const { policy = "always", tlsVerify = true } = request;
  const reference = parseReference(request.reference);
  const name = renderReference(reference);
  if (reference.kind !== "registry") {
    throw new AgentError(
      `Cannot pull ${name}: images from ${reference.kind}: are not implemented yet`,
    );
  }
  const platform = request.platform === undefined
    ? await readMachinePlatform()
    : parsePlatform(request.platform);
  const done = (image: StoredImage, fetched = { bytes: 0, cached: true }): PulledImage => ({
    ...{ reference: name, digest: image.digest, config: image.config, layers: image.layers },
    ...{ ...fetched, ms: Math.round(sys.clock.uptime() - start) },
  });

  const stored = await findStored(tools.store, name, platform);
  if (policy === "never" && !stored) {
    throw new AgentError(`Cannot use ${name}: it is not stored, and --pull=never fetches nothing`);
  }
  // What a digest names never changes.
  const isSettled = policy === "never" || policy === "missing" || reference.digest !== undefined;
  if (stored && isSettled) return done(stored);

  const wanted = { reference, name, platform };
  const registries = tools.registries.open(reference, tlsVerify);
  const signal = tools.signal ?? new AbortController().signal;
  const state: MirrorState = { dead: new Set(), log: tools.log, signal };
  try {
    const unchanged = stored && await findUnchanged(wanted, registries, state, tools.store);
    if (unchanged) {
      if (unchanged.digest !== stored.digest) await tools.store.putImage(unchanged);
      return done(unchanged);
    }
    const { image, bytes, cached } = await pullFresh(wanted, registries, state, tools);
    return done(image, { bytes, cached });
  } catch (error) {
    signal.throwIfAborted();
    if (!stored || (policy !== "newer" && !isNoAnswer(error))) throw error;
    tools.log?.warn(`${describe(error)}\n${name} is taken as it is stored`);
    return done(stored);
  }
}

interface Wanted {
  readonly reference: RegistryReference;
  /** Its one written form. */
  readonly name: string;
  readonly platform: Platform;
}

/** One request: when the tag points to something that is stored, nothing else is asked for. */
async function findUnchanged(
  { reference, name, platform }: Wanted,
  registries: readonly Registry[],
  state: MirrorState,
  store: Store,
): Promise<StoredImage | undefined> {
  const knowing = registries.filter(({ endpoint }) => endpoint.resolvesTags);
  const digest = await pullFromFirst(
    knowing,
    state,
    (registry) => registry.fetchDigest(reference.tag ?? "latest", QUICK, state.signal),
  );
  const image = digest && await findStored(store, nameByDigest(reference, digest), platform);
  return image ? { ...image, reference: name } : undefined;
}

async function pullFresh(
  { reference, name, platform }: Wanted,
  registries: readonly Registry[],
  state: MirrorState,
  { store, unpacker, registries: shared, onProgress }: PullTools,
): Promise<{ image: StoredImage; bytes: number; cached: boolean }> {
  const found = await fetchImage(registries, reference, platform, state);
  const { digest, config } = found;
  const layers = found.layers.map((descriptor, index) => ({
    descriptor,
    diffId: config.diffIds[index] ?? "",
  }));
  const pulled = await pullLayers(layers, {
    ...{ store, unpacker, registries, state },
    slots: shared.slots,
    openForeign: shared.openForeign,
    onProgress: onProgress ?? (() => {}),
  });
  const image = { reference: name, digest, config, layers: pulled.folders };
  // By digest first: the tag's entry is what later pulls start from.
  await store.putImage({ ...image, reference: nameByDigest(reference, found.namedDigest) });
  if (reference.digest === undefined) await store.putImage(image);
  return { image, bytes: found.bytes + pulled.bytes, cached: pulled.fetched === 0 };
}

/** What is stored under a name, if it is for the platform: one name may stand for several. */
async function findStored(
  store: Store,
  name: string,
  platform: Platform,
): Promise<StoredImage | undefined> {
  const image = await store.findImage(name);
  return image && rankPlatform(image.config, platform) !== undefined ? image : undefined;
}

function nameByDigest(reference: RegistryReference, digest: Digest): string {
  return renderReference({ ...reference, tag: undefined, digest });
}

/** Nobody answered, or nobody who could: the registry may well have what is wanted. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof TimeoutError || (error instanceof HttpError && error.retryable);
}
