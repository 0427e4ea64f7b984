/** Which packages, in which versions, apt would take for a request. */
import { AgentError } from "../../agent/errors.ts";
import type { AptState } from "./apt_state.ts";
import { parseStanzas, type Stanza } from "./stanzas.ts";

export interface PackageRequest {
  /** With everything that they depend on. */
  readonly names: readonly string[];
  /** A package that depends on the newest kernel; only that kernel's own package is taken. */
  readonly kernel?: string;
}

/** A package as the signed lists describe it. */
export interface Candidate {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly sha256: string;
  /** Bytes of the .deb. */
  readonly size: number;
}

/**
 * Asks apt.
 * @throws CommandError when there is no such package, AgentError when the lists make no sense
 */
export async function readCandidates(
  apt: AptState,
  request: PackageRequest,
): Promise<readonly Candidate[]> {
  const install = ["apt-get", "--simulate", "--no-install-recommends", "-qq", "install"];
  const wanted = [...parseInstallations(await apt.run([...install, ...request.names]))];
  if (request.kernel !== undefined) {
    const [meta] = await readStanzas(apt, [request.kernel]);
    wanted.push(chooseKernelPackage(meta?.get("depends") ?? "", request.kernel));
  }
  return (await readStanzas(apt, wanted)).map(parseCandidate);
}

async function readStanzas(apt: AptState, names: readonly string[]): Promise<readonly Stanza[]> {
  return parseStanzas(await apt.run(["apt-cache", "show", "--no-all-versions", ...names]));
}

/** `NAME=VERSION` of each package that `apt-get --simulate install` would install. */
export function parseInstallations(text: string): readonly string[] {
  return [...text.matchAll(/^Inst ([^\s:]+)\S* \((\S+) /gm)]
    .map(([, name, version]) => `${name}=${version}`);
}

/**
 * The kernel's own package, `NAME=VERSION`.
 * @param depends what the package that always depends on the newest kernel depends on
 * @throws AgentError when that is no kernel
 */
export function chooseKernelPackage(depends: string, name: string): string {
  const match = /(?:^|[\s,])(linux-image-[^\s,(|]+)\s*\(=\s*([^)\s]+)\)/.exec(depends);
  if (!match) throw new AgentError(`Cannot tell the kernel of ${name}: it depends on "${depends}"`);
  return `${match[1]}=${match[2]}`;
}

/** @throws AgentError when a field is missing */
export function parseCandidate(stanza: Stanza): Candidate {
  const field = (name: string): string => {
    const value = stanza.get(name);
    if (value) return value;
    throw new AgentError(`Cannot use package ${stanza.get("package")}: its record has no ${name}`);
  };
  return {
    name: field("package"),
    version: field("version"),
    architecture: field("architecture"),
    sha256: field("sha256"),
    size: Number(field("size")),
  };
}

/** The name that apt gives a package's file. */
export function debNameOf({ name, version, architecture }: Candidate): string {
  return `${name}_${version.replaceAll(":", "%3a")}_${architecture}.deb`;
}
