/** Files of unpacked packages. */
import { AgentError } from "../../agent/errors.ts";
import { readStat } from "../read_stat.ts";
import type { Library } from "./libraries.ts";
import type { Package } from "./packages.ts";

/** The folders where libraries lie, `*` being any one folder (ld.so(8), with multiarch). */
const LIBRARY_FOLDERS = ["usr/lib/*-linux-gnu", "usr/lib", "usr/lib64"];

/** @throws AgentError when it was not asked for */
export function choosePackage(packages: readonly Package[], name: string): Package {
  const found = packages.find((each) => each.name === name);
  if (!found) throw new AgentError(`Cannot use package ${name}: it was not fetched`);
  return found;
}

/**
 * Reads a file of a package.
 * @param path without a slash in front
 * @throws AgentError when it is not there, or a link that leads out of the package
 */
export async function readPackageFile(
  from: Package,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!(await readStat(`${from.root}/${path}`))) {
    throw new AgentError(`Cannot use ${path} of package ${from.name}: it is not there`);
  }
  const real = await Deno.realPath(`${from.root}/${path}`);
  if (!real.startsWith(`${await Deno.realPath(from.root)}/`)) {
    throw new AgentError(`Cannot use ${path} of package ${from.name}: it leads to ${real}`);
  }
  return await Deno.readFile(real);
}

/** Where libraries of the packages lie: folders that are there, absolute. */
export async function readLibraryFolders(packages: readonly Package[]): Promise<readonly string[]> {
  return (await listLibraryFolders(packages)).map(({ from, folder }) => `${from.root}/${folder}`);
}

/** Finds libraries by soname: a package's own file of that name, or its link to the real one. */
export async function readLibraryIndex(
  packages: readonly Package[],
): Promise<ReadonlyMap<string, Library>> {
  const index = new Map<string, Library>();
  for (const { from, folder } of await listLibraryFolders(packages)) {
    for await (const { name, isDirectory } of Deno.readDir(`${from.root}/${folder}`)) {
      if (isDirectory || !/\.so(\.|$)/.test(name) || index.has(name)) continue;
      const path = `${folder}/${name}`;
      index.set(name, { path, data: await readPackageFile(from, path), package: from.name });
    }
  }
  return index;
}

async function listLibraryFolders(
  packages: readonly Package[],
): Promise<readonly { readonly from: Package; readonly folder: string }[]> {
  const found = [];
  for (const from of packages) {
    for (const pattern of LIBRARY_FOLDERS) {
      for (const folder of await expand(from.root, pattern)) found.push({ from, folder });
    }
  }
  return found;
}

async function expand(root: string, pattern: string): Promise<readonly string[]> {
  const [parent, suffix] = pattern.split("/*");
  if (suffix === undefined) return await readStat(`${root}/${pattern}`) ? [pattern] : [];
  if (!(await readStat(`${root}/${parent}`))) return [];
  return [...Deno.readDirSync(`${root}/${parent}`)]
    .filter((entry) => entry.isDirectory && entry.name.endsWith(suffix))
    .map((entry) => `${parent}/${entry.name}`)
    .sort();
}
