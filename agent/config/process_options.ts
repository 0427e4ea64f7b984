/** Container options about the process: what runs, as whom, with which surroundings. */
import { parseHostName } from "./addresses.ts";
import type { EnvOption, RestartPolicy } from "./container_config.ts";
import { type ContainerOption, custom, flag, ignored, many, single } from "./container_option.ts";
import { type Located, sliceLocated } from "./located.ts";
import { chooseNearest } from "./nearest.ts";
import type { Report } from "./problem_collector.ts";
import { isSecretName } from "./secret_spans.ts";
import { parseSignal } from "./signals.ts";
import { parseChoice, parseInteger, parseName, parsePath, parsePattern } from "./values.ts";

const MAX_ID = 2 ** 31 - 1;
const MAX_SECONDS = 10 * 365 * 86400;
const RESTART_WORDS = ["no", "never", "always", "on-failure", "unless-stopped"];

const parseZone = parsePattern(
  /^[A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+){0,2}$/,
  "{} is not a time zone",
  "such as Europe/Helsinki, or local",
);

export const PROCESS_OPTIONS: readonly ContainerOption[] = [
  flag("tty", "tty", "gives the process a terminal", { short: "t" }),
  flag("interactive", "interactive", "lets it read the console", { short: "i" }),
  single("entrypoint", "entrypoint", "COMMAND", "takes the place of the image's", parseEntrypoint),
  many("env", "env", "NAME[=VALUE]", "environment variable", parseEnv, {
    short: "e",
  }),
  many("env-file", "envFiles", "PATH", "file with NAME=VALUE lines", parseText, { commas: true }),
  single("workdir", "workdir", "PATH", "working folder", parsePath("a folder in the container"), {
    short: "w",
  }),
  single("user", "user", "USER[:GROUP]", "names or numbers", parseUser, {
    short: "u",
  }),
  many("group-add", "groupAdd", "GROUP", "additional group", parseGroup, { commas: true }),
  single("umask", "umask", "OCTAL", "mask of new files' modes", parseUmask),
  single("hostname", "hostname", "NAME", "host name inside", parseHostName, {
    short: "h",
  }),
  single("name", "name", "NAME", "name of the container", parseName("a container")),
  single("tz", "tz", "ZONE", "time zone, or local", parseZone),
  flag("init", "init", "a small init reaps processes inside"),
  single(
    "systemd",
    "systemd",
    "true|false|always",
    "prepare the container for systemd",
    (v, r) => parseChoice(["true", "false", "always"])(v, r),
  ),
  single("stop-signal", "stopSignal", "SIGNAL", "asks the container to end", parseSignal),
  single(
    "stop-timeout",
    "stopTimeout",
    "SECONDS",
    "between that signal and SIGKILL",
    parseInteger(0, MAX_SECONDS),
  ),
  single("timeout", "timeout", "SECONDS", "longest run", parseInteger(0, MAX_SECONDS)),
  single("restart", "restart", "POLICY", "what to do when a service ends", parseRestart),
  flag("rm", "rm", "remove the container when it ends"),
  custom(
    "label",
    "NAME[=VALUE]",
    "label",
    (draft, value, report) => setPair(draft.labels, value, report, "label"),
    { short: "l" },
  ),
  custom(
    "annotation",
    "NAME=VALUE",
    "annotation for the runtime",
    (draft, value, report) => setPair(draft.annotations, value, report, "annotation"),
  ),
  ignored("log-driver", "string", "output goes to the console"),
  ignored("log-opt", "string", "output goes to the console"),
  ignored("no-healthcheck", "boolean", "there are no health checks"),
  ignored("replace", "boolean", "no container of that name is left over"),
  ignored("disable-content-trust", "boolean", "podman ignores it too"),
];

function parseText(value: Located, report: Report): string | undefined {
  return value.text === "" ? report.error(value, "the path is missing") : value.text;
}

/** A JSON array of words, or one word: podman does not split it. */
function parseEntrypoint(value: Located, report: Report): readonly string[] | undefined {
  if (value.text === "") return [];
  if (!value.text.startsWith("[")) return [value.text];
  let words: unknown;
  try {
    words = JSON.parse(value.text);
  } catch {
    report.warn(value, "{} is not JSON: it is taken for the name of a program");
    return [value.text];
  }
  if (Array.isArray(words) && words.every((word) => typeof word === "string")) return words;
  return report.error(value, "{} is not a list of words", 'such as ["sh", "-c"]');
}

function parseEnv(value: Located, report: Report): EnvOption | undefined {
  const equals = value.text.indexOf("=");
  const name = equals < 0 ? value.text : value.text.slice(0, equals);
  if (isSecretName(name) && equals >= 0) report.secret(sliceLocated(value, equals + 1));
  if (name === "") return report.error(value, "{} names no variable", "write NAME=VALUE");
  if (/[\s\0]/.test(name)) {
    return report.error(value, "{} has white space in the variable's name", "write NAME=VALUE");
  }
  if (equals >= 0) return { name, value: value.text.slice(equals + 1) };
  if (!name.endsWith("*")) return { name, value: null };
  return report.error(value, "{} is a pattern: the agent has no environment to pick from");
}

function parseUser(value: Located, report: Report): string | undefined {
  const ids = /^[^:\s]+(?::[^:\s]+)?$/.test(value.text) ? value.text.split(":") : [];
  if (ids.length > 0 && ids.every((id) => !/^\d+$/.test(id) || Number(id) <= MAX_ID)) {
    return value.text;
  }
  return report.error(
    value,
    "{} is not a user: names or numbers up to 2147483647",
    "write USER:GROUP",
  );
}

function parseGroup(value: Located, report: Report): string | undefined {
  if (value.text === "keep-groups") {
    return report.error(value, "{} is refused: the agent itself is in no groups");
  }
  if (/^[^:\s,]+$/.test(value.text)) return value.text;
  return report.error(value, "{} is not a group: a name or a number");
}

function parseUmask(value: Located, report: Report): number | undefined {
  if (/^0{0,2}[0-7]{1,3}$/.test(value.text)) return Number.parseInt(value.text, 8);
  return report.error(value, "{} is not an octal mask", "such as 0022");
}

function parseRestart(value: Located, report: Report): RestartPolicy | undefined {
  const [, word = "", retries] = /^([a-z-]+)(?::(\d{1,9}))?$/.exec(value.text) ?? [];
  if (word === "on-failure") {
    return { kind: word, retries: retries === undefined ? undefined : Number(retries) };
  }
  if (retries === undefined) {
    if (word === "no" || word === "never") return { kind: "no", retries };
    if (word === "always" || word === "unless-stopped") return { kind: word, retries };
  }
  const near = chooseNearest(value.text, RESTART_WORDS);
  return report.error(
    value,
    "{} is none of no, always, unless-stopped, on-failure, on-failure:N",
    near && `write ${near}`,
  );
}

function setPair(
  pairs: Record<string, string>,
  value: Located,
  report: Report,
  kind: "label" | "annotation",
): void {
  const equals = value.text.indexOf("=");
  const name = equals < 0 ? value.text : value.text.slice(0, equals);
  if (equals >= 0 && isSecretName(name)) report.secret(sliceLocated(value, equals + 1));
  if (name === "" || (equals < 0 && kind === "annotation")) {
    report.error(value, `{} is no ${kind}`, "write NAME=VALUE");
  } else {
    // Not an assignment: __proto__ is a name like any other.
    Object.defineProperty(pairs, name, {
      value: equals < 0 ? "" : value.text.slice(equals + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}
