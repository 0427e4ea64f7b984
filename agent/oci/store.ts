/** Unpacked layers and the images made of them, in one folder. */
import type { System } from "../sys/system.ts";
import type { Digest, ImageConfig } from "./image.ts";
import type { LayerResult } from "./layer_unpacker.ts";

/** An image whose layers all lie in the store. */
export interface StoredImage {
  /** Fully qualified, such as `docker.io/library/alpine:latest`. */
  readonly reference: string;
  /** Of the manifest of the chosen platform. */
  readonly digest: Digest;
  readonly config: ImageConfig;
  /** Absolute folders, lowest layer first, as `findLayer` and `addLayer` give them. */
  readonly layers: readonly string[];
}

/** Nothing counts as present until it is whole. */
export interface Store {
  /** The folder of a whole layer; undefined when it is not there. */
  findLayer(diffId: Digest): Promise<string | undefined>;
  /**
   * Adds a layer: `fill` gets an empty temporary folder, which becomes the layer when the diffID
   * of what was put there is the wanted one. Calls for a diffID that is being added share its run.
   * @returns the layer's folder
   * @throws IntegrityError when the diffID differs; whatever `fill` throws
   */
  addLayer(diffId: Digest, fill: (folder: string) => Promise<LayerResult>): Promise<string>;
  /** An image by its reference; undefined when it, or a layer of it, is not there. */
  findImage(reference: string): Promise<StoredImage | undefined>;
  /** Records an image whose layers lie in this store; replaces that of the same reference. */
  putImage(image: StoredImage): Promise<void>;
}

/** Opens the store in a folder, which is made when missing. */
export function openStore(_sys: System, folder: string): Promise<Store> {
  return Promise.reject(new TypeError(`Cannot open ${folder}: interface only`));
}
