/** Container options that limit what it may use. */
import type { UlimitOption } from "./container_config.ts";
import { type ContainerOption, custom, many, single } from "./container_option.ts";
import { type Located, sliceLocated } from "./located.ts";
import { chooseNearest } from "./nearest.ts";
import type { Report } from "./problem_collector.ts";
import { parseInteger, parseSize } from "./values.ts";

/** Resources of getrlimit(2). */
const ULIMIT_NAMES: readonly string[] = [
  ..."core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime".split(" "),
  ..."sigpending stack".split(" "),
];
/** PID_MAX_LIMIT of 64-bit kernels. */
const MAX_PIDS = 1 << 22;

export const LIMIT_OPTIONS: readonly ContainerOption[] = [
  single("memory", "memory", "SIZE", "most memory; 0: no limit", parseMemory, { short: "m" }),
  single("cpus", "cpus", "NUMBER", "most CPU time, in CPUs; 0: no limit", parseCpus),
  single("pids-limit", "pidsLimit", "NUMBER", "most processes; -1: no limit", parsePidsLimit),
  single("shm-size", "shmSize", "SIZE", "size of /dev/shm; 0: no limit", parseSize),
  many("ulimit", "ulimits", "NAME=SOFT[:HARD]", "limit of setrlimit(2)", parseUlimit, {
    commas: true,
  }),
  custom("sysctl", "NAME=VALUE", "kernel setting of the container", (draft, value, report) => {
    const [, name, setting] = /^([a-z][A-Za-z0-9_./-]*)=(.*)$/s.exec(value.text) ?? [];
    if (name === undefined || setting === undefined) {
      report.error(value, "{} is no kernel setting", "write NAME=VALUE, as net.ipv4.ip_forward=1");
    } else draft.sysctls[name.replaceAll("/", ".")] = setting;
  }),
];

function parseMemory(value: Located, report: Report): number | undefined {
  return parseSize(value, report) || undefined;
}

function parseCpus(value: Located, report: Report): number | undefined {
  const cpus = /^\d{0,5}(?:\.\d{1,9})?$/.test(value.text) && value.text !== ""
    ? Number(value.text)
    : NaN;
  // 0.01 is the least that a period of 100 ms can grant (cpu.max of cgroup v2).
  if (cpus === 0) return undefined;
  if (cpus >= 0.01) return cpus;
  return report.error(value, "{} is not a number of CPUs from 0.01 on", "such as 1.5");
}

function parsePidsLimit(value: Located, report: Report): number | undefined {
  const limit = parseInteger(-1, MAX_PIDS)(value, report);
  return limit === 0 ? -1 : limit;
}

function parseUlimit(value: Located, report: Report): UlimitOption | undefined {
  const [, written = "", softText = "", hardText = softText] =
    /^([A-Za-z_]+)=(-?\d{1,15}|unlimited)(?::(-?\d{1,15}|unlimited))?$/.exec(value.text) ?? [];
  if (value.text === "host") {
    return report.error(value, "{} is refused: the agent's own limits are no guide for containers");
  }
  if (written === "") {
    return report.error(value, "{} is no limit", "write NAME=SOFT:HARD, such as nofile=1024:2048");
  }
  const name = written.toLowerCase().replace(/^rlimit_/, "");
  if (!ULIMIT_NAMES.includes(name)) {
    const near = chooseNearest(name, ULIMIT_NAMES);
    return report.error(
      sliceLocated(value, 0, written.length),
      `{} is no resource: known are ${ULIMIT_NAMES.join(", ")}`,
      near && `write ${near}`,
    );
  }
  const soft = parseLimit(softText);
  const hard = parseLimit(hardText);
  if (soft < -1 || hard < -1) return report.error(value, "{} holds a number below -1");
  if (hard !== -1 && (soft === -1 || soft > hard)) {
    return report.error(value, "{} has a soft limit above the hard one", "write NAME=SOFT:HARD");
  }
  return { name, soft, hard };
}

function parseLimit(text: string): number {
  return text === "unlimited" ? -1 : Number(text);
}
