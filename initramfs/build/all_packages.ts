/** The packages of a build: those that go into the archives, and those that it runs itself. */
import { AgentError } from "../../agent/errors.ts";
import { chooseKernelMetapackage } from "../kernel_recipe.ts";
import { FILES, RUNTIME_PACKAGES, TOOL_PACKAGES } from "../recipe.ts";
import type { BuildPlan } from "./options.ts";
import { fetchPackages, type Package } from "./packages.ts";

export interface BuildPackages {
  /** For the architecture that is built for. */
  readonly target: readonly Package[];
  /** Programs that run here. */
  readonly tools: readonly Package[];
  readonly kernel: Package;
  /** When the newest of those asked for was made, seconds since 1970. */
  readonly date: number;
}

/** @throws AgentError that names what could not be fetched */
export async function fetchBuildPackages(plan: BuildPlan): Promise<BuildPackages> {
  const { architecture, host, cacheDir, update } = plan;
  const own = [...FILES.map((file) => file.package), ...RUNTIME_PACKAGES];
  const native = architecture.name === host.name;
  const names = new Set(native ? [...own, ...TOOL_PACKAGES] : own);
  const target = await fetchPackages(
    {
      names: [...names].sort(),
      kernel: chooseKernelMetapackage(plan.flavour, architecture.name),
    },
    architecture.name,
    cacheDir,
    update,
  );
  const tools = native
    ? target
    : await fetchPackages({ names: [...TOOL_PACKAGES].sort() }, host.name, cacheDir, update);
  const kernel = target.find((each) => each.name.startsWith("linux-image-"));
  if (!kernel) throw new AgentError("Cannot build: no kernel package was fetched");
  const dated = [kernel, ...target.filter((each) => own.includes(each.name))];
  return { target, tools, kernel, date: Math.max(...dated.map((each) => each.date)) };
}
