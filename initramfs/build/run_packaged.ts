/** Runs programs of unpacked packages, with the libraries of those packages and not this machine's. */
import { realSpawn } from "../../agent/sys/spawn.ts";
import { parseElf } from "./elf.ts";
import { choosePackage, readLibraryFolders, readPackageFile } from "./package_files.ts";
import type { Package } from "./packages.ts";

const RUN_LIMIT_MS = 300_000;

/** A program of a package. */
export interface PackagedProgram {
  readonly package: string;
  readonly path: string;
  /** The name it shall go by: some do what they are called. */
  readonly calledAs: string;
}

/**
 * Runs a program and returns its stdout.
 * @throws CommandError
 */
export async function runPackaged(
  packages: readonly Package[],
  program: PackagedProgram,
  args: readonly string[],
): Promise<string> {
  const from = choosePackage(packages, program.package);
  const file = `${from.root}/${program.path}`;
  const elf = parseElf(await readPackageFile(from, program.path), program.path);
  const argv = elf.interpreter === undefined
    ? [file, program.calledAs]
    : await renderLoaderCall(packages, file, elf.interpreter, program.calledAs);
  return await realSpawn.run([...argv, ...args], {
    env: { LC_ALL: "C" },
    timeoutMs: RUN_LIMIT_MS,
  });
}

/** ld.so(8): the loader of the packages' own C library starts the program. */
async function renderLoaderCall(
  packages: readonly Package[],
  file: string,
  interpreter: string,
  calledAs: string,
): Promise<readonly string[]> {
  const folders = await readLibraryFolders(packages);
  const loaderName = interpreter.slice(interpreter.lastIndexOf("/") + 1);
  const libc = choosePackage(packages, "libc6");
  const [libcFolder] = await readLibraryFolders([libc]);
  const loader = `${libcFolder}/${loaderName}`;
  return [loader, "--library-path", folders.join(":"), "--argv0", calledAs, file];
}
