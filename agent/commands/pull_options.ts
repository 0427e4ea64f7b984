/** The arguments of `agent pull`. */
// @ts-types="../types/std_cli.d.ts"
import { parseArgs } from "@std/cli/parse-args";
import { AgentError } from "../errors.ts";
import type { PullPolicy } from "../oci/pull.ts";

export const PULL_USAGE = `usage: agent pull [options] REF STORE
  pulls an image and unpacks its layers, each into a folder of STORE
  --platform OS/ARCH[/VARIANT]  instead of this machine's
  --pull POLICY                 always (default), newer, missing, never
  --jobs N                      layers at once (default: 3)
  --tls-verify=false            allow https without verification, and http
  --ca FILE                     root certificates (PEM) to accept as well; repeatable
  --user NAME --password-stdin  log in, the password read from standard input
  --authfile FILE               log in as an auth.json says
`;

export interface PullOptions {
  readonly reference: string;
  readonly store: string;
  readonly platform: string | undefined;
  readonly policy: PullPolicy;
  readonly jobs: number | undefined;
  readonly tlsVerify: boolean;
  readonly caFiles: readonly string[];
  /** The password comes from standard input. */
  readonly user: string | undefined;
  readonly authFile: string | undefined;
}

const VALUES = ["platform", "pull", "jobs", "ca", "user", "authfile"];
const SWITCHES = ["tls-verify", "password-stdin"];
const POLICIES: readonly string[] = ["always", "newer", "missing", "never"] satisfies PullPolicy[];

/**
 * Parses them.
 * @returns undefined when help was asked for
 * @throws AgentError that names the argument
 */
export function parsePullOptions(argv: readonly string[]): PullOptions | undefined {
  const unknown: string[] = [];
  const parsed = parseArgs(argv, {
    string: [...VALUES, "_"],
    boolean: [...SWITCHES, "help"],
    collect: ["ca"],
    unknown: (argument, key) => {
      if (key !== undefined) unknown.push(argument);
      return key === undefined;
    },
  });
  if (parsed.help) return undefined;
  if (unknown.length > 0) throw wrong(`${unknown[0]?.split("=")[0]} is no option`);
  const switches = parseSwitches(argv);
  const text = (name: string) => {
    const value = parsed[name];
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    throw wrong(`--${name} needs a value`);
  };
  const [reference, store, ...rest] = parsed._.map(String);
  if (!reference || !store) throw wrong("REF and STORE are needed");
  if (rest.length > 0) throw wrong(`${rest[0]} is one argument too many`);
  const policy = text("pull") ?? "always";
  if (!isPolicy(policy)) throw wrong(`--pull is one of ${POLICIES.join(", ")}, not ${policy}`);
  const user = text("user");
  if ((user !== undefined) !== (switches.get("password-stdin") ?? false)) {
    throw wrong("--user and --password-stdin go together");
  }
  const caFiles = Array.isArray(parsed.ca) ? parsed.ca.map(String) : [];
  if (caFiles.includes("")) throw wrong("--ca needs a value");
  return {
    ...{ reference, store, policy, caFiles, user },
    platform: text("platform"),
    jobs: parseJobs(text("jobs")),
    tlsVerify: switches.get("tls-verify") ?? true,
    authFile: text("authfile"),
  };
}

/** By hand, for the parser takes every value but "false" for true; the last one counts. */
function parseSwitches(argv: readonly string[]): ReadonlyMap<string, boolean> {
  const values = new Map<string, boolean>();
  const end = argv.indexOf("--");
  for (const argument of end < 0 ? argv : argv.slice(0, end)) {
    const match = /^--([a-z-]+)(?:=(.*))?$/s.exec(argument);
    const [, name = "", value = "true"] = match ?? [];
    if (!SWITCHES.includes(name)) continue;
    if (!["true", "1", "false", "0"].includes(value)) {
      throw wrong(`--${name} is true or false, not ${value}`);
    }
    values.set(name, value === "true" || value === "1");
  }
  return values;
}

function parseJobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const jobs = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (jobs === 0) throw wrong(`--jobs is a number from 1 to 99, not ${text}`);
  return jobs;
}

function isPolicy(text: string): text is PullPolicy {
  return POLICIES.includes(text);
}

function wrong(reason: string): AgentError {
  return new AgentError(`Cannot run pull: ${reason}`, { hint: "agent pull --help" });
}
