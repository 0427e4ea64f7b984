/** The table of every directive. What is said there is what is parsed, listed and tested. */
import type { Directive } from "./directive.ts";
import { IMAGE_DIRECTIVES } from "./image_directives.ts";
import { MACHINE_DIRECTIVES } from "./machine_directives.ts";
import { NETWORK_DIRECTIVES } from "./network_directives.ts";
import { RUN_DIRECTIVES } from "./run_directives.ts";
import { STORAGE_DIRECTIVES } from "./storage_directives.ts";

/** Every directive, in the order of the reference. */
export const DIRECTIVES: readonly Directive[] = [
  ...RUN_DIRECTIVES,
  ...STORAGE_DIRECTIVES,
  ...NETWORK_DIRECTIVES,
  ...IMAGE_DIRECTIVES,
  ...MACHINE_DIRECTIVES,
];

/** A directive by its name, or by an old one. */
export function findDirective(name: string): Directive | undefined {
  return DIRECTIVES.find((directive) =>
    directive.name === name || directive.oldNames?.includes(name)
  );
}

/** Every name, old ones too: what a misspelt one may have been. */
export function directiveNames(): readonly string[] {
  return DIRECTIVES.flatMap(({ name, oldNames = [] }) => [name, ...oldNames]);
}
