/** Whether a build would make anything new. */
import { type AgentSources } from "./compile.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { BuildPlan } from "./options.ts";
import { readTree } from "./read_tree.ts";

/** The builder's own sources, relative to the folder above this file's. */
const BUILDER = ["build.ts", "recipe.ts", "kernel_recipe.ts", "architecture.ts"];

/**
 * One hash over what a build depends on: the agent, the builder, the options that count. Packages
 * do not: those in the cache are used until an update is asked for.
 */
export async function readBuildFingerprint(
  plan: BuildPlan,
  sources: AgentSources,
): Promise<string> {
  const pieces = new Map<string, Uint8Array | string>(sources);
  const builder = new URL("..", import.meta.url).pathname;
  const accept = (path: string) => path.startsWith("build/") || BUILDER.includes(path);
  for (const [path, bytes] of await readTree(builder, accept)) pieces.set(`builder/${path}`, bytes);
  const { release, flavour, architecture, date } = plan;
  pieces.set(
    "options",
    JSON.stringify([release, flavour, architecture.name, date ?? null, Deno.version.deno]),
  );
  return fingerprintOf(pieces);
}
