/** The `process` part of the runtime configuration (runtime-spec, config.md "Process"). */
import { posix } from "node:path";
import type { ContainerOptions, EnvOption } from "../config/container_config.ts";
import { AgentError } from "../errors.ts";
import type { ImageRunConfig } from "../oci/image.ts";
import { planEnvironment } from "./environment.ts";
import type { MachineFacts } from "./machine_facts.ts";
import { planRlimits } from "./rlimits.ts";
import type { CapabilitiesSpec, ProcessSpec } from "./runtime_spec.ts";
import type { ChosenUser } from "./users.ts";

export interface ProcessSources {
  readonly args: readonly string[];
  readonly image: ImageRunConfig;
  readonly options: ContainerOptions;
  readonly facts: MachineFacts;
  readonly user: ChosenUser;
  readonly capabilities: CapabilitiesSpec;
  readonly hostname: string;
  /** 32 hex digits, when systemd runs. */
  readonly containerUuid: string | undefined;
  /** Entries of the `--env-file` files, in order. */
  readonly environmentFiles: readonly EnvOption[];
  readonly pipelineEnvironment: Readonly<Record<string, string>>;
  readonly proxyEnvironment: Readonly<Record<string, string>>;
}

const DEFAULT_UMASK = 0o022;

/** @throws AgentError for a working directory or a limit that cannot be */
export function planProcess(sources: ProcessSources): ProcessSpec {
  const { options, facts, user } = sources;
  const size = options.tty ? facts.terminalSize : undefined;
  return {
    ...(options.tty ? { terminal: true } : {}),
    ...(size ? { consoleSize: { height: size.rows, width: size.columns } } : {}),
    user: {
      uid: user.uid,
      gid: user.gid,
      umask: options.umask ?? DEFAULT_UMASK,
      additionalGids: user.additionalGids,
    },
    args: sources.args,
    env: planEnvironment({
      image: sources.image.Env ?? [],
      pipeline: sources.pipelineEnvironment,
      options: [...sources.environmentFiles, ...options.env],
      agent: facts.environment,
      proxy: sources.proxyEnvironment,
      tty: options.tty,
      hostname: sources.hostname,
      home: user.home,
      // The machine's own time is UTC, which is what a container has without a zone.
      timeZone: options.tz === "local" ? undefined : options.tz,
      containerUuid: sources.containerUuid,
    }),
    cwd: chooseWorkingDirectory(options.workdir, sources.image.WorkingDir),
    capabilities: sources.capabilities,
    rlimits: planRlimits(options.ulimits, facts.capabilities, facts.hardLimits),
    ...(options.noNewPrivileges ? { noNewPrivileges: true } : {}),
  };
}

/** The runtime makes the folder, inside the container's root, when it is not there. */
function chooseWorkingDirectory(option: string | undefined, image: string | undefined): string {
  if (option !== undefined && !option.startsWith("/")) {
    throw new AgentError(`Cannot use working directory ${option}: it must be absolute`);
  }
  return posix.resolve("/", option ?? image ?? "");
}
