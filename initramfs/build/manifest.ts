/** What a build was made of and what it made. */
import { readStat } from "../read_stat.ts";
import { type Entry, permissionsOf, planEntries } from "./cpio.ts";
import { sha256Of } from "./fingerprint.ts";

export interface Manifest {
  readonly version: string;
  readonly architecture: string;
  /** `uname -r`. */
  readonly kernel: string;
  /** ISO 8601; from the newest package or SOURCE_DATE_EPOCH, not from the clock. */
  readonly date: string;
  readonly deno: string;
  /** Of all that the build depends on; the same means that there is nothing to do. */
  readonly fingerprint: string;
  readonly packages: readonly ManifestPackage[];
  /** What was made, by file name. */
  readonly outputs: Readonly<Record<string, ManifestOutput>>;
  /** What is in the archives, by file name. */
  readonly archives: Readonly<Record<string, readonly ManifestFile[]>>;
}

export interface ManifestPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Of the .deb. */
  readonly sha256: string;
}

export interface ManifestOutput {
  readonly size: number;
  readonly sha256: string;
}

export interface ManifestFile {
  readonly path: string;
  readonly kind: Entry["kind"];
  /** Octal. */
  readonly mode: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly target?: string;
  /** Where it comes from, when from a package. */
  readonly package?: string;
}

/** A manifest's ingredients, where it shows less of them. */
export interface ManifestInput extends Omit<Manifest, "packages" | "archives"> {
  readonly packages: readonly ManifestPackage[];
  readonly archives: Readonly<Record<string, readonly Entry[]>>;
}

export function renderManifest(input: ManifestInput): Manifest {
  return {
    ...input,
    packages: input.packages.map(({ name, version, architecture, sha256 }) => ({
      name,
      version,
      architecture,
      sha256,
    })),
    archives: Object.fromEntries(
      Object.entries(input.archives).map(([name, entries]) => [name, renderFiles(entries)]),
    ),
  };
}

function renderFiles(entries: readonly Entry[]): readonly ManifestFile[] {
  return planEntries(entries).map((entry) => ({
    path: entry.path,
    kind: entry.kind,
    mode: permissionsOf(entry).toString(8).padStart(4, "0"),
    ...(entry.kind === "link" ? { target: entry.target } : {}),
    ...(entry.kind === "file"
      ? {
        size: entry.data.length,
        sha256: sha256Of(entry.data),
        ...(entry.package === undefined ? {} : { package: entry.package }),
      }
      : {}),
  }));
}

/** Reads a folder's manifest, if there is one that still is of this form. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const file = `${folder}/manifest.json`;
  if (!(await readStat(file))) return undefined;
  try {
    return JSON.parse(await Deno.readTextFile(file)) as Manifest;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** True when all outputs are there with the bytes that the manifest says. */
export async function readCompleteness(folder: string, manifest: Manifest): Promise<boolean> {
  for (const [name, { size, sha256 }] of Object.entries(manifest.outputs ?? {})) {
    if ((await readStat(`${folder}/${name}`))?.size !== size) return false;
    if (sha256Of(await Deno.readFile(`${folder}/${name}`)) !== sha256) return false;
  }
  return true;
}
