/** Debian packages: chosen by apt, downloaded, checked and unpacked below the cache. */
import { AgentError, IntegrityError } from "../../agent/errors.ts";
import type { ArchitectureName } from "../architecture.ts";
import { readStat } from "../read_stat.ts";
import { SUITE } from "./apt_configuration.ts";
import { type AptState, openAptState } from "./apt_state.ts";
import { type Candidate, debNameOf, type PackageRequest, readCandidates } from "./candidates.ts";
import { sha256Of } from "./fingerprint.ts";
import { parseDebDate } from "./deb_date.ts";
import { unpackDeb } from "./unpack_deb.ts";
import { writeWhole, writeWholeFolder } from "./write_whole.ts";

/** An unpacked package. */
export interface Package extends Candidate {
  /** When it was made, seconds since 1970. */
  readonly date: number;
  /** Where its files are. */
  readonly root: string;
}

/** A package's record, beside its files. */
const RECORD = "package.json";

/**
 * Fetches packages. What was fetched once is taken from the cache, with no word to the network,
 * until `update` asks for the newest.
 * @throws AgentError that names what could not be fetched
 */
export async function fetchPackages(
  request: PackageRequest,
  architecture: ArchitectureName,
  cacheDir: string,
  update: boolean,
): Promise<readonly Package[]> {
  const store = `${cacheDir}/packages`;
  const key = sha256Of(JSON.stringify([SUITE, request])).slice(0, 16);
  const choiceFile = `${store}/${architecture}-${key}.json`;
  const known = update ? undefined : await readChoice(choiceFile, store);
  if (known) return known;
  const apt = await openAptState(`${cacheDir}/apt/${architecture}`, architecture);
  const candidates = await readCandidates(apt, request);
  await downloadPackages(apt, candidates, store);
  await writeWhole(choiceFile, JSON.stringify(candidates.map(folderNameOf), null, 2));
  const packages = await readChoice(choiceFile, store);
  if (!packages) throw new AgentError(`Cannot use packages in ${store}: some have vanished`);
  return packages;
}

/** @returns undefined when something is missing */
async function readChoice(file: string, store: string): Promise<readonly Package[] | undefined> {
  if (!(await readStat(file))) return undefined;
  const packages: Package[] = [];
  for (const name of JSON.parse(await Deno.readTextFile(file)) as readonly string[]) {
    const record = `${store}/${name}/${RECORD}`;
    if (!(await readStat(record))) return undefined;
    const fields = JSON.parse(await Deno.readTextFile(record)) as Omit<Package, "root">;
    packages.push({ ...fields, root: `${store}/${name}/files` });
  }
  return packages;
}

function folderNameOf(candidate: Candidate): string {
  return `${debNameOf(candidate).replace(/\.deb$/, "")}_${candidate.sha256.slice(0, 12)}`;
}

async function downloadPackages(
  apt: AptState,
  candidates: readonly Candidate[],
  store: string,
): Promise<void> {
  const missing: Candidate[] = [];
  for (const candidate of candidates) {
    if (!(await readStat(`${store}/${folderNameOf(candidate)}`))) missing.push(candidate);
  }
  if (missing.length === 0) return;
  const scratch = `${store}/download`;
  await Deno.mkdir(scratch, { recursive: true });
  try {
    const names = missing.map(({ name, version }) => `${name}=${version}`);
    await apt.run(["apt-get", "-q", "download", ...names], scratch);
  } catch (cause) {
    throw new AgentError(`Cannot download ${await readMissing(missing, scratch)}`, {
      cause,
      hint: "check network and proxy of apt, then build again: what is there stays",
    });
  }
  for (const candidate of missing) await unpackCandidate(candidate, scratch, store);
  await Deno.remove(scratch, { recursive: true });
}

async function readMissing(candidates: readonly Candidate[], folder: string): Promise<string> {
  const names: string[] = [];
  for (const candidate of candidates) {
    if (!(await readStat(`${folder}/${debNameOf(candidate)}`))) names.push(candidate.name);
  }
  return names.join(", ");
}

async function unpackCandidate(
  candidate: Candidate,
  scratch: string,
  store: string,
): Promise<void> {
  const name = debNameOf(candidate);
  const bytes = await Deno.readFile(`${scratch}/${name}`);
  const got = sha256Of(bytes);
  // apt has compared it with the signed lists; this ties the manifest to these very bytes.
  if (got !== candidate.sha256) throw new IntegrityError(name, candidate.sha256, got);
  await writeWholeFolder(`${store}/${folderNameOf(candidate)}`, async (folder) => {
    await unpackDeb(`${scratch}/${name}`, `${folder}/files`);
    const record = { ...candidate, date: parseDebDate(bytes, name) };
    await Deno.writeTextFile(`${folder}/${RECORD}`, JSON.stringify(record, null, 2));
  });
  await Deno.remove(`${scratch}/${name}`);
}
