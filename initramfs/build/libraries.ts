/** Which shared libraries programs need, as the dynamic loader would find them (ld.so(8)). */
import { AgentError } from "../../agent/errors.ts";
import { type Elf, parseElf } from "./elf.ts";

/** A library, found by its soname. */
export interface Library {
  /** Where it lies in its package, and in the archive, without a slash in front. */
  readonly path: string;
  readonly data: Uint8Array;
  readonly package: string;
}

/** A program whose libraries are wanted. */
export interface Program {
  readonly name: string;
  readonly data: Uint8Array;
}

/**
 * The libraries of some programs, those that these need, and so on; the loader at the path where
 * the programs want it.
 * @param machine `e_machine` that all must have
 * @param find looks for a soname in the packages
 * @throws AgentError for a library that no package has, or a file of another architecture
 */
export function planLibraries(
  programs: readonly Program[],
  machine: number,
  find: (soname: string) => Library | undefined,
): readonly Library[] {
  const chosen = new Map<string, Library>();
  const visit = (name: string, data: Uint8Array): void => {
    const elf = parseElf(data, name);
    if (elf.machine !== machine) {
      throw new AgentError(`Cannot use ${name}: it is for machine ${elf.machine}, not ${machine}`);
    }
    for (const soname of sonamesOf(elf)) {
      if (chosen.has(soname)) continue;
      const library = find(soname);
      if (!library) {
        throw new AgentError(`Cannot find ${soname}, which ${name} needs: no package has it`);
      }
      chosen.set(soname, library);
      visit(soname, library.data);
    }
    if (elf.interpreter) {
      const loader = chosen.get(baseName(elf.interpreter))!;
      chosen.set(baseName(elf.interpreter), { ...loader, path: elf.interpreter.slice(1) });
    }
  };
  for (const program of programs) visit(program.name, program.data);
  return [...chosen.values()];
}

function sonamesOf(elf: Elf): readonly string[] {
  return elf.interpreter ? [baseName(elf.interpreter), ...elf.needed] : elf.needed;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
