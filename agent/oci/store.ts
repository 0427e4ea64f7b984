/**
 * Unpacked layers and the images made of them, in one folder:
 *
 *     layers/<hex of diffID>/      a layer, whole since it has this name
 *     images/<hash of reference>   which layers an image is made of
 *     tmp/<any name>/              a layer that is being unpacked
 */
import { basename, dirname, resolve } from "node:path";
import { AgentError, IntegrityError } from "../errors.ts";
import type { System } from "../sys/system.ts";
import { digestOf, isDigest } from "./digest.ts";
import type { Digest, ImageConfig } from "./image.ts";
import { parseImageRecord, renderImageRecord } from "./image_record.ts";
import type { LayerResult } from "./layer.ts";
import { openTemporaryFolder, removeLeftovers, syncFolder } from "./temporary_folder.ts";

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
   * @throws IntegrityError when the diffID differs; SyscallError; whatever `fill` throws
   */
  addLayer(diffId: Digest, fill: (folder: string) => Promise<LayerResult>): Promise<string>;
  /** An image by its reference; undefined when it, or a layer of it, is not there. */
  findImage(reference: string): Promise<StoredImage | undefined>;
  /** Records an image whose layers lie in this store; replaces that of the same reference. */
  putImage(image: StoredImage): Promise<void>;
}

/**
 * Opens the store in a folder, which is made when missing, and removes what a crash left there.
 * Several processes may use one store.
 * @throws SyscallError, Deno.errors.*
 */
export async function openStore(sys: System, folder: string): Promise<Store> {
  const root = resolve(folder);
  const layers = `${root}/layers`, images = `${root}/images`, temporary = `${root}/tmp`;
  // Private: layers hold programs with setuid.
  for (const path of [layers, images, temporary]) {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  }
  await removeLeftovers(temporary);
  const running = new Map<Digest, Promise<string>>();
  const layerFolder = (diffId: Digest) => `${layers}/${hexOf(diffId)}`;

  async function findLayer(diffId: Digest): Promise<string | undefined> {
    const path = layerFolder(diffId);
    return await isFolder(path) ? path : undefined;
  }

  async function addLayer(
    diffId: Digest,
    fill: (folder: string) => Promise<LayerResult>,
  ): Promise<string> {
    const found = await findLayer(diffId);
    if (found !== undefined) return found;
    await using made = openTemporaryFolder(temporary);
    const result = await fill(made.path);
    if (result.diffId !== diffId) throw new IntegrityError("a layer", diffId, result.diffId);
    const path = layerFolder(diffId);
    // Another process may have been faster; a layer by its digest is the same in any case.
    if (!await isFolder(path)) await made.publish(path);
    return path;
  }

  return {
    findLayer,
    addLayer(diffId, fill) {
      let run = running.get(diffId);
      if (run === undefined) {
        run = addLayer(diffId, fill).finally(() => running.delete(diffId));
        running.set(diffId, run);
      }
      return run;
    },
    async findImage(reference) {
      const bytes = await readOrNothing(`${images}/${recordName(reference)}`);
      const record = bytes && parseImageRecord(bytes);
      if (record === undefined || record.reference !== reference) return undefined;
      const folders = await Promise.all(record.layers.map(findLayer));
      if (!folders.every((path) => path !== undefined)) return undefined;
      const { digest, config } = record;
      return { reference, digest, config, layers: folders };
    },
    async putImage({ reference, digest, config, layers: folders }) {
      const diffIds = folders.map((path) => {
        if (dirname(path) !== layers) {
          throw new AgentError(`Cannot store ${reference}: ${path} is no layer of ${root}`);
        }
        return `sha256:${basename(path)}`;
      });
      const storedAt = sys.clock.now();
      const text = renderImageRecord({ reference, digest, config, layers: diffIds, storedAt });
      await writeWhole(`${images}/${recordName(reference)}`, temporary, text);
    },
  };
}

function hexOf(digest: Digest): string {
  if (!isDigest(digest)) throw new AgentError(`Cannot store ${digest}: it is no sha256 digest`);
  return digest.slice("sha256:".length);
}

/** A reference may hold what a file name cannot, and be longer than one. */
function recordName(reference: string): string {
  return `${hexOf(digestOf(new TextEncoder().encode(reference)))}.json`;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function readOrNothing(path: string): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Writes a file that is whole or not there, also after a power cut. */
async function writeWhole(path: string, temporary: string, text: string): Promise<void> {
  await using made = openTemporaryFolder(temporary);
  const unfinished = `${made.path}/${basename(path)}`;
  await Deno.writeTextFile(unfinished, text, { createNew: true, mode: 0o600 });
  {
    using file = await Deno.open(unfinished);
    await file.sync();
  }
  await Deno.rename(unfinished, path);
  syncFolder(dirname(path));
}
