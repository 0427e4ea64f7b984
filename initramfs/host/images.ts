/** Images made from files, with umoci; sent to a registry, with skopeo. */
import { dirname } from "node:path";
import { realSpawn } from "../../agent/sys/spawn.ts";
import type { RunningRegistry } from "./registry.ts";
import { readStat } from "../read_stat.ts";

/** One layer: a folder that becomes `/`, files by their path, or the removal of one path. */
export type LayerSource =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "files"; readonly files: Readonly<Record<string, FileSource>> }
  | { readonly kind: "whiteout"; readonly path: string };

/** Text or bytes of a file (default mode 0644), an empty folder, or where a symbolic link points. */
export type FileSource =
  | string
  | { readonly content: string | Uint8Array; readonly mode?: number }
  | { readonly folderMode: number }
  | { readonly target: string };

/** An image to make. The names of its settings are those of the image-spec's `config`. */
export interface ImageSource {
  /** Lowest first. */
  readonly layers: readonly LayerSource[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** `NAME=value` */
  readonly env?: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
  readonly stopSignal?: string;
  readonly volumes?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** An image in an OCI layout. */
export interface ImageLayout {
  readonly folder: string;
  readonly tag: string;
}

export interface PushOptions {
  readonly auth?: { readonly user: string; readonly password: string };
  /** Path of the authority's certificate, alone in its folder: the registry speaks https. */
  readonly ca?: string;
}

const COPY_LIMIT_MS = 300_000;

/**
 * Makes an image, or one more tag in an existing layout.
 * @param folder the OCI layout
 */
export async function makeImage(
  folder: string,
  source: ImageSource,
  tag = "latest",
): Promise<ImageLayout> {
  const image = `${folder}:${tag}`;
  const scratch = await Deno.makeTempDir({ prefix: "image-" });
  try {
    if (!(await readStat(`${folder}/oci-layout`))) {
      await Deno.mkdir(dirname(folder), { recursive: true });
      await runUmoci(["init", "--layout", folder]);
    }
    await runUmoci(["new", "--image", image]);
    for (const [index, layer] of source.layers.entries()) {
      await addLayer(image, layer, `${scratch}/${index}`);
    }
    await runUmoci(["config", "--image", image, ...planImageSettings(source)]);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
  return { folder, tag };
}

/**
 * Sends an image to a registry.
 * @param name `path:tag` below the registry's address
 */
export async function pushImage(
  image: ImageLayout,
  registry: Pick<RunningRegistry, "address">,
  name: string,
  options: PushOptions = {},
): Promise<void> {
  const { auth, ca } = options;
  await runSkopeo([
    ...(ca ? ["--dest-cert-dir", dirname(ca)] : ["--dest-tls-verify=false"]),
    ...(auth ? ["--dest-creds", `${auth.user}:${auth.password}`] : []),
    `oci:${image.folder}:${image.tag}`,
    `docker://${registry.address}/${name}`,
  ]);
}

/**
 * Makes a copy whose layers are compressed in another way. Not while pushing: skopeo would use the
 * blobs that the registry has, however they are compressed.
 */
export async function recompressImage(
  image: ImageLayout,
  folder: string,
  compression: "gzip" | "zstd",
): Promise<ImageLayout> {
  const copy = { folder, tag: image.tag };
  await runSkopeo([
    ...["--dest-compress-format", compression],
    `oci:${image.folder}:${image.tag}`,
    `oci:${copy.folder}:${copy.tag}`,
  ]);
  return copy;
}

/** The options of `umoci config` for an image's settings. */
export function planImageSettings(source: ImageSource): readonly string[] {
  const each = (name: string, values: readonly string[] = []) =>
    values.map((value) => `--config.${name}=${value}`);
  const one = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`--config.${name}=${value}`];
  return [
    ...each("entrypoint", source.entrypoint),
    ...each("cmd", source.cmd),
    ...each("env", source.env),
    ...one("user", source.user),
    ...one("workingdir", source.workingDir),
    ...one("stopsignal", source.stopSignal),
    ...each("volume", source.volumes),
    ...each("label", Object.entries(source.labels ?? {}).map(([key, value]) => `${key}=${value}`)),
  ];
}

async function addLayer(image: string, layer: LayerSource, scratch: string): Promise<void> {
  const insert = ["insert", "--image", image];
  switch (layer.kind) {
    case "folder":
      return await runUmoci([...insert, layer.path, "/"]);
    case "whiteout":
      return await runUmoci([...insert, "--whiteout", layer.path]);
    case "files":
      await writeFiles(scratch, layer.files);
      return await runUmoci([...insert, scratch, "/"]);
  }
}

async function writeFiles(
  root: string,
  files: Readonly<Record<string, FileSource>>,
): Promise<void> {
  await Deno.mkdir(root, { recursive: true });
  for (const [name, file] of Object.entries(files)) {
    const path = `${root}/${name}`;
    await Deno.mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof file === "string" ? { content: file } : file);
  }
}

// Modes are set by chmod, for the umask would cut one given to mkdir or writeFile.
async function writeFile(path: string, file: Exclude<FileSource, string>): Promise<void> {
  if ("target" in file) return await Deno.symlink(file.target, path);
  if ("folderMode" in file) {
    await Deno.mkdir(path, { recursive: true });
    return await Deno.chmod(path, file.folderMode);
  }
  const { content, mode = 0o644 } = file;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await Deno.writeFile(path, bytes);
  await Deno.chmod(path, mode);
}

async function runSkopeo(args: readonly string[]): Promise<void> {
  await realSpawn.run(["skopeo", "copy", "--quiet", "--insecure-policy", ...args], {
    timeoutMs: COPY_LIMIT_MS,
  });
}

async function runUmoci(args: readonly string[]): Promise<void> {
  await realSpawn.run(["umoci", ...args], { timeoutMs: COPY_LIMIT_MS });
}
