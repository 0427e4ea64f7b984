/** Makes the image of a recipe, as an OCI layout. */
import { createHash } from "node:crypto";
import { constants, createGzip, createZstdCompress } from "node:zlib";
import { blobFolder, type LayoutLayer, MEDIA_TYPE, writeImage } from "../support/oci_layout.ts";
import { type Random, seededRandom } from "../support/random.ts";
import { tarEnd, tarEntry } from "../support/tar_builder.ts";
import { type ContentPools, makeContentPools } from "./content.ts";
import type { FileGroup, ImageRecipe, LayerRecipe } from "./recipes.ts";

export interface MadeImage {
  readonly layout: string;
  readonly tag: string;
  /** Of all layers. */
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
  readonly entries: number;
}

const TAG = "latest";
const SUMMARY = "summary.json";
/** So many files lie in a folder of the made-up trees. */
const FOLDER_FILES = 40;

/**
 * Makes the image, or takes the one that was made before.
 * @param folder where images are kept; each has a folder by its recipe
 */
export async function makeRecipeImage(recipe: ImageRecipe, folder: string): Promise<MadeImage> {
  const key = createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 12);
  const layout = `${folder}/${recipe.name}-${key}`;
  try {
    return { ...JSON.parse(await Deno.readTextFile(`${layout}/${SUMMARY}`)), layout, tag: TAG };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.mkdir(blobFolder(layout), { recursive: true });
  const random = seededRandom(recipe.seed);
  const pools = makeContentPools(random);
  const layers: LayoutLayer[] = [];
  let unpackedBytes = 0, entries = 0;
  for (const layer of recipe.layers) {
    const made = await writeLayer(layer, recipe.compression, random, pools, layout);
    layers.push(made);
    unpackedBytes += made.unpackedBytes;
    entries += made.entries;
  }
  await writeImage(layout, TAG, layers);
  const compressedBytes = layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  const summary = { compressedBytes, unpackedBytes, entries };
  await Deno.writeTextFile(`${layout}/${SUMMARY}`, JSON.stringify(summary));
  return { layout, tag: TAG, ...summary };
}

async function writeLayer(
  layer: LayerRecipe,
  compression: ImageRecipe["compression"],
  random: Random,
  pools: ContentPools,
  layout: string,
): Promise<LayoutLayer & { readonly unpackedBytes: number; readonly entries: number }> {
  const compressor = compression === "gzip"
    ? createGzip({ level: 6 })
    : createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } });
  const tarHash = createHash("sha256"), blobHash = createHash("sha256");
  let unpackedBytes = 0, size = 0, entries = 0;
  const unfinished = `${layout}/blobs/layer`;
  {
    using file = await Deno.open(unfinished, { write: true, create: true, truncate: true });
    compressor.on("data", (bytes: Uint8Array) => {
      blobHash.update(bytes);
      size += bytes.length;
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    });
    const ended = new Promise((resolve, reject) =>
      compressor.on("end", resolve).on("error", reject)
    );
    const write = (bytes: Uint8Array) => {
      tarHash.update(bytes);
      unpackedBytes += bytes.length;
      return new Promise<void>((resolve) => void compressor.write(bytes, () => resolve()));
    };
    for (const entry of layerEntries(layer, random, pools)) {
      await write(entry);
      entries++;
    }
    await write(tarEnd());
    compressor.end();
    await ended;
  }
  const hex = blobHash.digest("hex");
  await Deno.rename(unfinished, `${blobFolder(layout)}/${hex}`);
  return {
    descriptor: {
      mediaType: `${MEDIA_TYPE.layer}+${compression}`,
      digest: `sha256:${hex}`,
      size,
    },
    diffId: `sha256:${tarHash.digest("hex")}`,
    unpackedBytes,
    entries,
  };
}

/** Entries in the order in which a tree is walked, parents first. */
function* layerEntries(
  layer: LayerRecipe,
  random: Random,
  pools: ContentPools,
): Generator<Uint8Array> {
  const mtime = () => 1_700_000_000 + random.between(0, 10_000_000);
  const made = new Set<string>();
  const names: string[] = [];
  for (const group of layer.groups) {
    for (let i = 0; i < group.count; i++) {
      const folder = `${group.folder}/${Math.floor(i / FOLDER_FILES)}`;
      for (const parent of parentsOf(folder)) {
        if (made.has(parent)) continue;
        made.add(parent);
        yield tarEntry({ name: `${parent}/`, mtime: mtime() });
      }
      const name = `${folder}/${i % FOLDER_FILES}`;
      const mode = group.kind === "program" ? 0o755 : 0o644;
      const data = pools.take(group.kind, sizeOf(group, random));
      yield tarEntry({ name, mode, mtime: mtime(), data });
      names.push(name);
    }
  }
  for (let i = 0; i < layer.symlinks; i++) {
    const name = `${random.pick(names)}.link${i}`;
    yield tarEntry({ name, type: "symlink", target: `/${random.pick(names)}`, mtime: mtime() });
  }
}

function* parentsOf(folder: string): Generator<string> {
  for (let at = folder.indexOf("/"); at > 0; at = folder.indexOf("/", at + 1)) {
    yield folder.slice(0, at);
  }
  yield folder;
}

/** Small files are many, large ones few: evenly spread over the logarithm. */
function sizeOf({ minBytes, maxBytes }: FileGroup, random: Random): number {
  return Math.round(minBytes * (maxBytes / minBytes) ** random.next());
}
