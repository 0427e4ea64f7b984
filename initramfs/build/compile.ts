/** Compiles the agent: `deno compile`, so that the same sources always give the same bytes. */
import { AgentError } from "../../agent/errors.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import type { Architecture } from "../architecture.ts";
import { readStat } from "../read_stat.ts";
import { renderDenoCall, renderDenoEnvironment } from "./deno_program.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { readTree } from "./read_tree.ts";
import { removeTree, writeWholeFolder } from "./write_whole.ts";

const COMPILE_LIMIT_MS = 120_000;

/** Deno writes the times of all files into the executable: they get this one. */
const SOURCE_TIME = new Date(1_000_000_000_000);

const ENTRY = "agent/main.ts";

/** What the executable is made of: paths relative to the project, to contents. */
export type AgentSources = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/**
 * Reads the agent's sources and the settings that they are compiled with.
 * @throws AgentError when there is no agent
 */
export async function readAgentSources(sourceDir: string): Promise<AgentSources> {
  const sources = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [path, bytes] of await readTree(`${sourceDir}/agent`)) {
    sources.set(`agent/${path}`, bytes);
  }
  for (const name of ["deno.json", "deno.lock"]) {
    sources.set(name, await Deno.readFile(`${sourceDir}/${name}`));
  }
  if (!sources.has(ENTRY)) throw new AgentError(`Cannot compile the agent: ${ENTRY} is not there`);
  return sources;
}

/**
 * Compiles the agent, or takes it from the cache when neither sources nor runtime have changed.
 * @param denort the runtime's path
 * @returns the executable's path
 * @throws AgentError when Deno cannot compile it
 */
export async function compileAgent(
  sources: AgentSources,
  denort: string,
  architecture: Architecture,
  cacheDir: string,
): Promise<string> {
  // Without the lock: every package that it names, those of the tests too, would be embedded.
  const options = ["compile", "--no-check", "--no-lock", "--cached-only", "--no-code-cache", "-A"];
  const workers = [...sources.keys()].filter(isWorker).sort();
  const key = fingerprintOf(
    new Map<string, Uint8Array | string>([
      ...sources,
      ["\0recipe", JSON.stringify([options, workers, architecture, SOURCE_TIME])],
    ]),
  );
  const slot = `${cacheDir}/agent/${architecture.name}`;
  const agent = `${slot}/${key}`;
  if (await readStat(agent)) return agent;
  const project = `${cacheDir}/compile`;
  // A folder of its own: the times of files in the user's must not change.
  const denoDir = `${cacheDir}/deno`;
  const env = { ...renderDenoEnvironment(), DENO_DIR: denoDir, DENORT_BIN: denort };
  const run = async (args: readonly string[]): Promise<void> => {
    try {
      await realSpawn.run(renderDenoCall(args), { cwd: project, env, timeoutMs: COMPILE_LIMIT_MS });
    } catch (cause) {
      throw new AgentError("Cannot compile the agent", { cause });
    }
  };
  await writeWholeFolder(project, (folder) => writeSources(sources, folder));
  // The lock has the hashes of the npm packages; what compile uses is what was checked here.
  await run(["cache", "--no-check", "--lock=deno.lock", ENTRY, ...workers]);
  // Versions that the lock names are fetched without their package's index; compile needs it.
  await run(["cache", "--no-check", "--no-lock", ENTRY, ...workers]);
  await setTimes(project);
  await setTimes(`${denoDir}/npm`);
  await writeWholeFolder(slot, async (folder) => {
    await run([
      ...options,
      ...["--target", architecture.denoTarget, "--output", `${folder}/${key}`],
      ...workers.flatMap((path) => ["--include", path]),
      ENTRY,
    ]);
  });
  await removeTree(project);
  return agent;
}

/** Entries of Workers: no import statement leads to them. */
function isWorker(path: string): boolean {
  return path.startsWith("agent/") && path.endsWith("_worker.ts");
}

async function writeSources(sources: AgentSources, folder: string): Promise<void> {
  for (const [path, bytes] of sources) {
    const file = `${folder}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(file, bytes);
  }
}

async function setTimes(folder: string): Promise<void> {
  if (!(await readStat(folder))) return;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await setTimes(`${folder}/${name}`);
    else await Deno.utime(`${folder}/${name}`, SOURCE_TIME, SOURCE_TIME);
  }
}
