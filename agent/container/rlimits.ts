/** The resource limits of a container's first process (getrlimit(2)). */
import type { UlimitOption } from "../config/container_config.ts";
import { AgentError } from "../errors.ts";
import type { RlimitSpec } from "./runtime_spec.ts";

const NAMES: readonly string[] = [
  ..."as core cpu data fsize locks memlock msgqueue nice nofile".split(" "),
  ..."nproc rss rtprio rttime sigpending stack".split(" "),
];

/** RLIM_INFINITY. */
const UNLIMITED = 2n ** 64n - 1n;

/** podman's own: more than any sane program needs, and what the kernel allows by default. */
const DEFAULT_LIMIT = 1_048_576;
const DEFAULT_NAMES = ["nofile", "nproc"];

/**
 * Plans the limits: the user's, and the defaults for what they leave out.
 * @param hardLimits the agent's own by RLIMIT_ name; they bound the defaults where it may not raise
 *   limits (capabilities(7), CAP_SYS_RESOURCE)
 * @throws AgentError for an unknown name, and for a soft limit above the hard one
 */
export function planRlimits(
  ulimits: readonly UlimitOption[],
  capabilities: readonly string[],
  hardLimits: Readonly<Record<string, number>>,
): readonly RlimitSpec[] {
  const given = new Map(ulimits.map((ulimit) => [ulimit.name, planGiven(ulimit)]));
  const mayRaise = capabilities.includes("CAP_SYS_RESOURCE");
  const defaults = DEFAULT_NAMES.filter((name) => !given.has(name)).map((name) => {
    const own = mayRaise ? undefined : hardLimits[typeOf(name)];
    const limit = BigInt(Math.min(DEFAULT_LIMIT, own ?? DEFAULT_LIMIT));
    return { type: typeOf(name), soft: limit, hard: limit };
  });
  return [...defaults, ...given.values()];
}

function planGiven({ name, soft, hard }: UlimitOption): RlimitSpec {
  if (!NAMES.includes(name)) {
    throw new AgentError(`Cannot limit ${name}: unknown`, { hint: `one of ${NAMES.join(", ")}` });
  }
  const limits = { type: typeOf(name), soft: limitOf(soft), hard: limitOf(hard) };
  if (limits.soft > limits.hard) {
    throw new AgentError(
      `Cannot limit ${name}: soft limit ${soft} is above the hard limit ${hard}`,
    );
  }
  return limits;
}

function typeOf(name: string): string {
  return `RLIMIT_${name.toUpperCase()}`;
}

function limitOf(value: number): bigint {
  return value < 0 ? UNLIMITED : BigInt(value);
}

/** Parses the hard limits that are not `unlimited` out of /proc/PID/limits (proc(5)). */
export function parseHardLimits(text: string): Readonly<Record<string, number>> {
  const titles: Readonly<Record<string, string>> = {
    "Max open files": "RLIMIT_NOFILE",
    "Max processes": "RLIMIT_NPROC",
  };
  const limits: Record<string, number> = {};
  for (const line of text.split("\n")) {
    const match = /^(\S+(?: \S+)*)\s{2,}\S+\s+(\d+)\s/.exec(line);
    const type = match && titles[match[1]!];
    if (type) limits[type] = Number(match[2]);
  }
  return limits;
}
