/** The runtime inside a program that `deno compile` made. */
import { AgentError } from "../../agent/errors.ts";
import { parseElf } from "./elf.ts";

/**
 * Cuts off what `deno compile` appended to the runtime: all behind its ELF table of sections.
 * @throws AgentError when it is no ELF file, or shorter than its own table says
 */
export function cutDenort(
  program: Uint8Array<ArrayBuffer>,
  name: string,
): Uint8Array<ArrayBuffer> {
  const { sectionsEnd } = parseElf(program, name);
  if (sectionsEnd === 0 || sectionsEnd > program.length) {
    throw new AgentError(`Cannot cut the runtime out of ${name}: it is cut short`);
  }
  return program.subarray(0, sectionsEnd);
}
