/**
 * Builds what boots: `deno task build [--release] [--output DIR]`. Agent, kernel, archives and a
 * manifest; only what has changed is made again, and the same inputs give the same bytes.
 */
// @ts-types="../agent/types/std_cli.d.ts"
import { parseArgs } from "@std/cli/parse-args";
import { AgentError, describe } from "../agent/errors.ts";
import { VERSION } from "../agent/version.ts";
import { type ArchitectureName, ARCHITECTURES } from "./architecture.ts";
import { fetchBuildPackages } from "./build/all_packages.ts";
import { readAgentEntries, readBaseEntries } from "./build/archive.ts";
import { readBuildFingerprint } from "./build/build_fingerprint.ts";
import { compileAgent, readAgentSources } from "./build/compile.ts";
import { chooseCompression } from "./build/compress.ts";
import type { Entry } from "./build/cpio.ts";
import { openDenort } from "./build/denort.ts";
import { lockFolder } from "./build/folder_lock.ts";
import { type Manifest, readCompleteness, readManifest, renderManifest } from "./build/manifest.ts";
import { readKernel, readModuleEntries } from "./build/module_tree.ts";
import { type BuildOptions, readOptions } from "./build/options.ts";
import { joinSegments, OUTPUTS, writeOutputs } from "./build/outputs.ts";
import { writeSegment } from "./build/segments.ts";
import { timedSteps } from "./build/timed_steps.ts";
import { writeWhole } from "./build/write_whole.ts";
import { chooseModules, type Flavour } from "./kernel_recipe.ts";
import { say } from "./say.ts";

/** Absolute paths of what was built, and what it is. */
export interface BuildResult {
  readonly agent: string;
  readonly kernel: string;
  readonly initramfs: string;
  readonly modules: string;
  readonly manifest: Manifest;
}

/**
 * Builds what is not up to date. Well under a second when nothing has changed.
 * @throws AgentError, with a hint where the user can act; CommandError when a program fails
 */
export async function build(options: BuildOptions = {}): Promise<BuildResult> {
  const plan = readOptions(options);
  const { architecture, cacheDir, outputDir, release } = plan;
  using _lock = await lockFolder(cacheDir, () => plan.log("waiting for another build"));
  const sources = await readAgentSources(plan.sourceDir);
  const fingerprint = await readBuildFingerprint(plan, sources);
  const last = await readManifest(outputDir);
  if (last?.fingerprint === fingerprint && !plan.update) {
    if (await readCompleteness(outputDir, last)) return resultOf(outputDir, last);
  }

  const step = timedSteps(plan.log);
  const packages = await step("packages", () => fetchBuildPackages(plan));
  const date = plan.date ?? packages.date;
  const kernel = await readKernel(packages.kernel);
  const denort = await step("runtime", () => openDenort(architecture, cacheDir));
  const agent = await step("agent", () => compileAgent(sources, denort, architecture, cacheDir));
  const base = await step(
    "programs",
    () => readBaseEntries(packages.target, denort, architecture, { version: VERSION, date }),
  );
  const modules = await step(
    "modules",
    () => readModuleEntries(kernel, chooseModules(plan.flavour), packages.tools, cacheDir),
  );
  const init = await readAgentEntries(agent);
  const compression = chooseCompression(release);
  const segment = (name: string, entries: readonly Entry[]) =>
    step(`archive ${name}`, () => writeSegment(name, entries, date, compression, cacheDir));
  const outputs = await writeOutputs(outputDir, {
    agent: await Deno.readFile(agent),
    kernel: await Deno.readFile(kernel.image),
    initramfs: joinSegments([await segment("base", base), await segment("agent", init)]),
    modules: joinSegments([await segment("modules", modules)]),
  });

  const manifest = renderManifest({
    version: VERSION,
    architecture: architecture.name,
    kernel: kernel.version,
    date: new Date(date * 1000).toISOString(),
    deno: Deno.version.deno,
    fingerprint,
    packages: [...new Set([...packages.target, ...packages.tools])],
    outputs,
    archives: { [OUTPUTS.initramfs]: [...base, ...init], [OUTPUTS.modules]: modules },
  });
  await writeWhole(`${outputDir}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  return resultOf(outputDir, manifest);
}

function resultOf(outputDir: string, manifest: Manifest): BuildResult {
  return {
    agent: `${outputDir}/${OUTPUTS.agent}`,
    kernel: `${outputDir}/${OUTPUTS.kernel}`,
    initramfs: `${outputDir}/${OUTPUTS.initramfs}`,
    modules: `${outputDir}/${OUTPUTS.modules}`,
    manifest,
  };
}

const USAGE = `deno task build [options]
  --release         small instead of fast
  --output DIR      where the files go (out)
  --kernel FLAVOUR  cloud (virtual machines) or metal (cloud)
  --arch NAME       amd64 or arm64 (this machine's)
  --update          the newest packages instead of those in the cache`;

/** @throws AgentError for what is no option or no value of it */
function parseOptions(args: readonly string[]): BuildOptions {
  const unknown: string[] = [];
  // `deno task` hands a `--` on; nothing that follows it is meant otherwise.
  const flags = parseArgs(args.filter((arg) => arg !== "--"), {
    boolean: ["release", "update"],
    string: ["output", "kernel", "arch"],
    unknown: (arg) => {
      unknown.push(arg);
      return false;
    },
  });
  const { output, kernel, arch } = flags as Readonly<Record<string, string | undefined>>;
  if (output === "") unknown.push("--output without DIR");
  if (kernel !== undefined && kernel !== "cloud" && kernel !== "metal") {
    unknown.push(`--kernel ${kernel}`);
  }
  if (arch !== undefined && !(arch in ARCHITECTURES)) unknown.push(`--arch ${arch}`);
  if (unknown.length > 0) {
    throw new AgentError(`Cannot understand ${unknown.join(" ")}`, { hint: USAGE });
  }
  return {
    release: flags["release"] === true,
    update: flags["update"] === true,
    ...(output ? { outputDir: output } : {}),
    ...(kernel ? { flavour: kernel as Flavour } : {}),
    ...(arch ? { architecture: arch as ArchitectureName } : {}),
    log: say,
  };
}

if (import.meta.main) {
  try {
    const { manifest } = await build(parseOptions(Deno.args));
    for (const [name, { size }] of Object.entries(manifest.outputs)) {
      say(`${name}: ${(size / 2 ** 20).toFixed(1)} MiB`);
    }
  } catch (error) {
    say(describe(error));
    Deno.exitCode = 1;
  }
}
