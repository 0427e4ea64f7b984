/** Layers: those that are missing, several at once, each straight from the network to its folder. */
import { describe, findCause } from "../errors.ts";
import type { BlobOptions } from "./blob.ts";
import type { Descriptor, Digest } from "./image.ts";
import type { LayerResult } from "./layer.ts";
import type { LayerUnpacker } from "./layer_unpacker.ts";
import { parseLayerType } from "./media_type.ts";
import { type MirrorState, pullFromFirst } from "./pull_from_first.ts";
import { readFreeBytes } from "./read_free_bytes.ts";
import type { Registries } from "./registries.ts";
import type { Registry } from "./registry.ts";
import type { Slots } from "./slots.ts";
import type { Store } from "./store.ts";

/** A layer of an image, by what it is compressed and by what it is. */
export interface WantedLayer {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
}

export interface LayerSources {
  readonly store: Store;
  readonly unpacker: LayerUnpacker;
  readonly slots: Slots;
  /** Mirrors first. */
  readonly registries: readonly Registry[];
  /** Opens one of the `urls` of a layer that no registry has. */
  readonly openForeign: Registries["openForeign"];
  readonly state: MirrorState;
  readonly onProgress: (progress: PullProgress) => void;
}

/** Compressed bytes. */
export interface PullProgress {
  readonly done: number;
  /** Of the layers that were not in the store. */
  readonly total: number;
}

export interface PulledLayers {
  /** In the order of the layers. */
  readonly folders: readonly string[];
  /** How many were not in the store. */
  readonly fetched: number;
  /** What came over the network for them. */
  readonly bytes: number;
}

/** Why a pull stopped the layers that it was at: another pull that shares one starts it again. */
class AbandonedError extends Error {
  override name = "AbandonedError";
}

/**
 * Sees to it that every layer lies in the store.
 * @throws the first error; nothing goes on after it
 */
export async function pullLayers(
  layers: readonly WantedLayer[],
  sources: LayerSources,
): Promise<PulledLayers> {
  const { store, state, onProgress } = sources;
  const folders = new Map<Digest, string>();
  // By diffID: the same layer twice in an image is one folder twice in the mount.
  const missing = new Map<Digest, WantedLayer>();
  for (const layer of layers) {
    const folder = await store.findLayer(layer.diffId);
    if (folder === undefined) missing.set(layer.diffId, layer);
    else folders.set(layer.diffId, folder);
  }
  const total = [...missing.values()].reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  let bytes = 0;
  const onBytes = (count: number) => {
    bytes += count;
    // What comes again, from another place, is no progress.
    onProgress({ done: Math.min(bytes, total), total });
  };

  const stop = new AbortController();
  const signal = AbortSignal.any([state.signal, stop.signal]);
  const work: LayerWork = { ...sources, state: { ...state, signal }, onBytes };
  const running = [...missing.values()].map(async (layer) => {
    folders.set(layer.diffId, await fetchShared(layer, work));
  });
  try {
    await Promise.all(running);
  } catch (error) {
    stop.abort(new AbandonedError("Cannot go on with a layer: its image cannot be pulled"));
    await Promise.allSettled(running);
    throw error;
  }
  return {
    folders: layers.map(({ diffId }) => folders.get(diffId) ?? ""),
    fetched: missing.size,
    bytes,
  };
}

type LayerWork = Omit<LayerSources, "onProgress"> & { readonly onBytes: (bytes: number) => void };

/** The store lets pulls share the run of one; when that one gives up, this one takes over. */
async function fetchShared(layer: WantedLayer, work: LayerWork): Promise<string> {
  for (;;) {
    try {
      return await fetchLayer(layer, work);
    } catch (error) {
      if (work.state.signal.aborted || !findCause(error, AbandonedError)) throw error;
    }
  }
}

async function fetchLayer(layer: WantedLayer, work: LayerWork): Promise<string> {
  const { descriptor } = layer;
  const { registries, state, openForeign } = work;
  try {
    return await pullFromFirst(
      registries,
      state,
      (registry) => fillLayer(layer, work, (options) => registry.openBlob(descriptor, options)),
    );
  } catch (error) {
    const isForeign = parseLayerType(descriptor.mediaType)?.foreign ?? false;
    for (const url of isForeign ? descriptor.urls ?? [] : []) {
      state.signal.throwIfAborted();
      try {
        return await fillLayer(layer, work, (options) => openForeign(url, descriptor, options));
      } catch (second) {
        state.log?.info(describe(second));
      }
    }
    throw error;
  }
}

/** One attempt, from one place, into an empty folder. */
async function fillLayer(
  { descriptor, diffId }: WantedLayer,
  { store, unpacker, slots, state, onBytes }: LayerWork,
  open: (options: BlobOptions) => ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string> {
  const fill = (folder: string): Promise<LayerResult> =>
    slots.run(async () => {
      state.signal.throwIfAborted();
      const over = new AbortController();
      const maxBytes = await readFreeBytes(folder);
      const limits = maxBytes === undefined ? {} : { maxBytes };
      try {
        const blob = open({ signal: AbortSignal.any([state.signal, over.signal]), onBytes });
        const { mediaType, size: blobSize } = descriptor;
        const result = await unpacker.unpack({ folder, mediaType, blob, blobSize, limits });
        for (const warning of result.warnings) state.log?.warn(warning);
        return result;
      } finally {
        // An unpacker that gave up early must not leave the download running.
        over.abort();
      }
    });
  return await store.addLayer(diffId, fill);
}
