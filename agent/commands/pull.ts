/** `agent pull`: an image from a registry into a store folder, on any machine. */
import { resolve } from "node:path";
import { AgentError, describe } from "../errors.ts";
import { printNotice, printOutput } from "../log.ts";
import {
  type CredentialTable,
  type FindCredential,
  findCredentialIn,
  parseAuthFile,
} from "../oci/credentials.ts";
import { openLayerUnpacker } from "../oci/layer_unpacker.ts";
import { pullImage } from "../oci/pull.ts";
import { parseReference } from "../oci/reference.ts";
import { openRegistries, type PullLog } from "../oci/registries.ts";
import { openStore } from "../oci/store.ts";
import { createProgressReport } from "../progress.ts";
import type { System } from "../sys/system.ts";
import { parsePullOptions, PULL_USAGE, type PullOptions } from "./pull_options.ts";

/** Where a command's texts go to and come from. */
export interface CommandOutput {
  /** stdout */
  readonly print: (text: string) => void;
  /** stderr */
  readonly notice: (text: string) => void;
  /** The whole of stdin. */
  readonly readInput: () => Promise<string>;
}

const PROCESS: CommandOutput = { print: printOutput, notice: printNotice, readInput: readStdin };
const INPUT_BYTES = 64 * 1024;

/**
 * Runs the subcommand. The last line on stdout is one JSON object: `digest`, `config`, `layers`
 * (folders, lowest first), `bytes` (over the network), `cached`, `ms`.
 * @returns exit status: 0, 1 when the pull failed, 2 when called wrongly
 */
export async function runPull(
  sys: System,
  argv: readonly string[],
  output: CommandOutput = PROCESS,
): Promise<number> {
  let options: PullOptions | undefined;
  try {
    options = parsePullOptions(argv);
  } catch (error) {
    output.notice(`${describe(error)}\n`);
    return 2;
  }
  if (!options) {
    output.print(PULL_USAGE);
    return 0;
  }
  try {
    const { digest, config, layers, bytes, cached, ms } = await pull(sys, options, output);
    output.print(`${JSON.stringify({ digest, config, layers, bytes, cached, ms })}\n`);
    return 0;
  } catch (error) {
    output.notice(`${describe(error)}\n`);
    return 1;
  }
}

async function pull(sys: System, options: PullOptions, output: CommandOutput) {
  const { reference, platform, policy, tlsVerify, jobs } = options;
  const log: PullLog = {
    info: (text) => output.notice(`${text}\n`),
    warn: (text) => output.notice(`WARNING: ${text}\n`),
  };
  const findCredential = await readCredentials(options, output);
  const caCerts = await Promise.all(options.caFiles.map((path) => readText(path)));
  await using registries = openRegistries(sys, {
    ...{ findCredential, caCerts, log },
    ...(jobs === undefined ? {} : { jobs }),
  });
  const store = await openStore(sys, resolve(options.store));
  await using unpacker = openLayerUnpacker(jobs === undefined ? {} : { workers: jobs });
  const request = { reference, platform, policy, tlsVerify };
  const onProgress = createProgressReport(sys.clock, log.info);
  return await pullImage(sys, request, { store, unpacker, registries, log, onProgress });
}

async function readCredentials(
  { reference, user, authFile }: PullOptions,
  output: CommandOutput,
): Promise<FindCredential> {
  const tables: CredentialTable[] = [];
  const parsed = parseReference(reference);
  if (user !== undefined && parsed.kind === "registry") {
    const password = (await output.readInput()).replace(/\r?\n$/, "");
    tables.push(new Map([[parsed.host, { kind: "password", user, password }]]));
  }
  if (authFile !== undefined) tables.push(parseAuthFile(authFile, await readText(authFile)));
  return findCredentialIn(tables);
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new AgentError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

async function readStdin(): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of Deno.stdin.readable) {
    size += chunk.length;
    if (size > INPUT_BYTES) throw new AgentError("Cannot read password: it is too long");
    chunks.push(chunk);
  }
  return await new Blob(chunks).text();
}
