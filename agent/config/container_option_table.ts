/** The table of every podman option: what is taken, and what is refused. */
import type { ContainerOption, RefusedOption } from "./container_option.ts";
import { LIMIT_OPTIONS } from "./limit_options.ts";
import { MOUNT_OPTIONS } from "./mount_options.ts";
import { NAMESPACE_OPTIONS } from "./namespace_options.ts";
import { PROCESS_OPTIONS } from "./process_options.ts";
import { REFUSED_OPTIONS } from "./refused_options.ts";
import { SECURITY_OPTIONS } from "./security_options.ts";

/** Options that have a meaning here, sorted by name. */
export const CONTAINER_OPTIONS: readonly ContainerOption[] = [
  ...PROCESS_OPTIONS,
  ...SECURITY_OPTIONS,
  ...NAMESPACE_OPTIONS,
  ...LIMIT_OPTIONS,
  ...MOUNT_OPTIONS,
].sort((a, b) => a.name < b.name ? -1 : 1);

/** An option by any of its long names. */
export function findContainerOption(name: string): ContainerOption | undefined {
  return CONTAINER_OPTIONS.find((option) => option.name === name || option.aliases?.includes(name));
}

/** A refused option by its long name. */
export function findRefusedOption(name: string): RefusedOption | undefined {
  return REFUSED_OPTIONS.find((option) => option.name === name);
}

/** The long name and the kind of every option, as util.parseArgs wants them. */
export function planArgumentTypes(): Record<
  string,
  { type: "boolean" | "string"; short?: string }
> {
  const types: Record<string, { type: "boolean" | "string"; short?: string }> = {};
  for (const { name, type, short } of [...CONTAINER_OPTIONS, ...REFUSED_OPTIONS]) {
    types[name] = { type, ...(short !== undefined && { short }) };
  }
  for (const { aliases = [], type } of CONTAINER_OPTIONS) {
    for (const alias of aliases) types[alias] = { type };
  }
  return types;
}

/** Every long name that has a meaning here: what a misspelt one may have been. */
export function optionNames(): readonly string[] {
  return CONTAINER_OPTIONS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
}
