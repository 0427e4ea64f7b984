/** Layers unpacked where a test can see what came of them, and that nothing else was touched. */
import { AgentError, ArchiveError } from "../../agent/errors.ts";
import { readMaker } from "../../agent/oci/read_maker.ts";
import { LayerPipeline } from "../../agent/oci/layer_pipeline.ts";
import type { LayerResult } from "../../agent/oci/layer.ts";
import type { UnpackLimits } from "../../agent/oci/unpack.ts";
import { openFileCalls } from "../../agent/sys/file_calls.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { type FoundFile, readFolder, renderFiles } from "./read_folder.ts";

/** A scratch folder with something in it that no layer may reach. */
export interface UnpackScene extends AsyncDisposable {
  readonly folder: string;
  /** Beside the layers: `secret` holds "untouched". */
  readonly outside: string;
  /** Makes an empty folder for a layer. */
  addLayer(name: string): string;
  /** Unpacks a plain tar. */
  unpack(archive: Uint8Array, options?: UnpackOptions): Promise<UnpackedLayer>;
  /** Mounts layers, lowest first, and reads what a container would see. */
  readMounted(layers: readonly string[]): Promise<readonly FoundFile[]>;
  /** What lies outside of the layers now, as text. */
  readOutside(): Promise<string>;
}

export interface UnpackOptions {
  readonly limits?: UnpackLimits;
  /** How much comes at a time; default: all at once. */
  readonly pieceBytes?: number;
}

export interface UnpackedLayer extends LayerResult {
  readonly folder: string;
  /** Without the root, by name. */
  readonly files: ReadonlyMap<string, FoundFile>;
}

const TAR = "application/vnd.oci.image.layer.v1.tar";

/** @param parent a filesystem that keeps trusted.* attributes; default: a tmpfs */
export async function openUnpackScene(parent = "/dev/shm"): Promise<UnpackScene> {
  const folder = await Deno.makeTempDir({ dir: parent, prefix: "unpack-test-" });
  const outside = `${folder}/outside`;
  await Deno.mkdir(outside);
  await Deno.writeTextFile(`${outside}/secret`, "untouched");
  await Deno.utime(`${outside}/secret`, 1, 1);
  await Deno.utime(outside, 1, 1);
  let layers = 0;

  const scene: UnpackScene = {
    folder,
    outside,
    addLayer(name) {
      const path = `${folder}/${name}`;
      Deno.mkdirSync(path);
      return path;
    },
    async unpack(archive, options = {}) {
      const layer = scene.addLayer(`layer${layers++}`);
      const { limits = {}, pieceBytes = archive.length || 1 } = options;
      using pipeline = new LayerPipeline(openFileCalls(), readMaker(), layer, TAR, limits);
      for (let at = 0; at < archive.length; at += pieceBytes) {
        await pipeline.write(archive.slice(at, at + pieceBytes));
      }
      const result = await pipeline.finish();
      const files = (await readFolder(layer)).filter(({ name }) => name !== ".");
      return { ...result, folder: layer, files: new Map(files.map((file) => [file.name, file])) };
    },
    async readMounted(mounted) {
      const target = scene.addLayer(`mount${layers++}`);
      // An empty lowest layer: overlayfs wants two.
      const lower = [...mounted.toReversed(), scene.addLayer(`empty${layers++}`)].join(":");
      await realSpawn.run([
        "mount",
        "-t",
        "overlay",
        "overlay",
        "-o",
        `ro,lowerdir=${lower}`,
        target,
      ]);
      try {
        return await readFolder(target);
      } finally {
        await realSpawn.run(["umount", target]);
      }
    },
    readOutside: async () => renderFiles(await readFolder(outside)),
    async [Symbol.asyncDispose]() {
      await realSpawn.run(["rm", "-rf", folder]);
    },
  };
  return scene;
}

/** An archive, and what must come of it. */
export interface UnpackCase {
  readonly name: string;
  /** Gets the absolute path of the folder that must stay untouched. */
  readonly archive: (outside: string) => Uint8Array;
  /** Lines as `renderBrief` makes them, in any order; or what the error says. */
  readonly wanted: readonly string[] | RegExp;
}

/**
 * Unpacks in one piece and in odd ones.
 * @throws Error when anything but the wanted came of it, or anything outside was touched
 */
export async function checkUnpackCase({ archive, wanted }: UnpackCase): Promise<void> {
  for (const pieceBytes of [1 << 20, 333]) {
    await using scene = await openUnpackScene();
    const before = await scene.readOutside();
    let got: string | Error;
    try {
      const { files } = await scene.unpack(archive(scene.outside), { pieceBytes });
      got = [...files.values()].map(renderBrief).sort().join("\n");
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      got = error;
    }
    const after = await scene.readOutside();
    if (after !== before) throw new Error(`outside was touched:\n${before}became:\n${after}`);
    if (wanted instanceof RegExp) {
      if (!(got instanceof ArchiveError)) throw new Error(`unpacked, or failed otherwise: ${got}`);
      if (!wanted.test(got.message)) throw new Error(`failed with: ${got.message}`);
    } else {
      const lines = [...wanted].sort().join("\n");
      if (got !== lines) throw new Error(`wanted:\n${lines}\ngot:\n${got}`);
    }
  }
}

/** `a/b f "content"`, `l l -> target`, `d d opaque`, `w whiteout`, `h f "x" (2 links)`. */
export function renderBrief(file: FoundFile): string {
  const { name, type, target, links, device, xattrs, content } = file;
  if (type === "c" && device === "0:0") return `${name} whiteout`;
  return [
    `${name} ${type}`,
    ...(target ? [`-> ${target}`] : []),
    ...(device ? [device] : []),
    ...(xattrs["trusted.overlay.opaque"] === "y" ? ["opaque"] : []),
    ...(content ? [JSON.stringify(content.slice(0, 60))] : []),
    ...(links > 1 ? [`(${links} links)`] : []),
  ].join(" ");
}
