/** The environment of a container's first process. */
import type { EnvOption } from "../config/container_config.ts";

export interface EnvironmentSources {
  /** The image's `Env`: `NAME=value` (image-spec, config.md). */
  readonly image: readonly string[];
  /** What the pipeline tells its containers. */
  readonly pipeline: Readonly<Record<string, string>>;
  /** `--env-file` entries, then `-e`, in the order written. */
  readonly options: readonly EnvOption[];
  /** The agent's own, for options without a value. */
  readonly agent: Readonly<Record<string, string>>;
  /** `http_proxy` and its kind. */
  readonly proxy: Readonly<Record<string, string>>;
  readonly tty: boolean;
  readonly hostname: string;
  readonly home: string;
  /** A zone name; undefined: the image's own. */
  readonly timeZone: string | undefined;
  /** 32 hex digits, for systemd; undefined: another program runs. */
  readonly containerUuid: string | undefined;
}

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Plans the environment: defaults, proxies, image, pipeline, then the user's own, later wins.
 * HOME, HOSTNAME and container_uuid fill in only what nobody has set.
 * @returns `NAME=value` words, each name once
 */
export function planEnvironment(sources: EnvironmentSources): readonly string[] {
  const variables = new Map<string, string>([["PATH", DEFAULT_PATH]]);
  if (sources.tty) variables.set("TERM", "xterm");
  // What programs look at to find out that they are in a container.
  variables.set("container", "podman");
  const setAll = (record: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(record)) variables.set(name, value);
  };
  setAll(sources.proxy);
  for (const word of sources.image) {
    const { name, value } = parseAssignment(word);
    if (name !== "") variables.set(name, value);
  }
  setAll(sources.pipeline);
  // The image's own TZ would be as much a guess as ours; the user's -e TZ still wins.
  if (sources.timeZone !== undefined) variables.set("TZ", sources.timeZone);
  for (const option of sources.options) setAll(chooseVariables(option, sources.agent));

  const fallbacks = {
    HOME: sources.home,
    ...(sources.containerUuid === undefined ? {} : { container_uuid: sources.containerUuid }),
    HOSTNAME: sources.hostname,
  };
  for (const [name, value] of Object.entries(fallbacks)) {
    if (!variables.has(name)) variables.set(name, value);
  }
  return [...variables].map(([name, value]) => `${name}=${value}`);
}

/** A word without `=` has an empty value. */
function parseAssignment(word: string): { name: string; value: string } {
  const at = word.indexOf("=");
  return at < 0
    ? { name: word, value: "" }
    : { name: word.slice(0, at), value: word.slice(at + 1) };
}

/** `-e NAME` takes the agent's value, if it has one; `-e PREFIX*` every one that starts so. */
function chooseVariables(
  option: EnvOption,
  agent: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (option.value !== null) return { [option.name]: option.value };
  const isWanted = option.name.endsWith("*")
    ? (name: string) => name.startsWith(option.name.slice(0, -1))
    : (name: string) => name === option.name;
  return Object.fromEntries(Object.entries(agent).filter(([name]) => isWanted(name)));
}
