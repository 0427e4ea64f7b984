/** The archives' contents: packages, libraries, our own files, the agent. */
import type { Architecture } from "../architecture.ts";
import { FILES, type Release, renderOwnEntries } from "../recipe.ts";
import type { Entry } from "./cpio.ts";
import { isElf } from "./elf.ts";
import { planLibraries } from "./libraries.ts";
import { choosePackage, readLibraryIndex, readPackageFile } from "./package_files.ts";
import type { Package } from "./packages.ts";

const PROGRAM_MODE = 0o755;
const DATA_MODE = 0o644;

/** Everything but the agent and the modules: it changes with packages and recipe only. */
export async function readBaseEntries(
  packages: readonly Package[],
  denort: string,
  architecture: Architecture,
  release: Release,
): Promise<readonly Entry[]> {
  const files = await Promise.all(FILES.map(async (file) => ({
    ...file,
    data: await readPackageFile(choosePackage(packages, file.package), file.path),
  })));
  const index = await readLibraryIndex(packages);
  const programs = [
    // The agent asks for what its runtime asks for.
    { name: "the agent's runtime", data: await Deno.readFile(denort) },
    ...files.filter(({ data }) => isElf(data)).map(({ path, data }) => ({ name: path, data })),
  ];
  const libraries = planLibraries(programs, architecture.elfMachine, (name) => index.get(name));
  return [
    ...renderOwnEntries(release),
    ...files.map((file): Entry => ({
      kind: "file",
      path: file.to ?? file.path,
      mode: isElf(file.data) ? PROGRAM_MODE : DATA_MODE,
      data: file.data,
      package: file.package,
    })),
    ...libraries.map((library): Entry => ({
      kind: "file",
      path: library.path,
      mode: PROGRAM_MODE,
      data: library.data,
      package: library.package,
    })),
  ];
}

/** The archive that changes with every change of the agent. */
export async function readAgentEntries(agent: string): Promise<readonly Entry[]> {
  return [{ kind: "file", path: "init", mode: PROGRAM_MODE, data: await Deno.readFile(agent) }];
}
