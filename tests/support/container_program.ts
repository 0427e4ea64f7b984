/**
 * Runs a pipeline of containers with the agent's own code and the real crun, as a process of its
 * own: `unshare --mount deno run -A container_program.ts CASE.json`. The console is its stdout.
 *
 * Where the machine's cgroups are of both versions, crun refuses to work; so this process gives
 * itself a tree of version 2 alone.
 */
import type { ContainerOptions } from "../../agent/config/container_config.ts";
import { type ContainerCgroup, createContainerCgroup } from "../../agent/container/cgroups.ts";
import { openContainerActions } from "../../agent/container/container_actions.ts";
import { type ContainerSite, createContainer } from "../../agent/container/create_container.ts";
import { openContainerNetworks } from "../../agent/container/network/container_networks.ts";
import { startCrun } from "../../agent/container/crun.ts";
import { runPipeline } from "../../agent/container/pipeline.ts";
import type { PipelineEvent } from "../../agent/container/pipeline_events.ts";
import { describe } from "../../agent/errors.ts";
import type { ImageRunConfig, PulledImage } from "../../agent/oci/image.ts";
import { MNT } from "../../agent/sys/kernel.ts";
import { openSystem, type System } from "../../agent/sys/system.ts";
import { makeContainer } from "./container_case.ts";

export interface ContainerCase {
  readonly options?: Partial<ContainerOptions>;
  readonly command?: readonly string[];
}

export interface ProgramCase {
  /** Where containers have their folders. */
  readonly folder: string;
  readonly layers: readonly string[];
  readonly image?: ImageRunConfig;
  readonly services?: readonly ContainerCase[];
  readonly containers?: readonly ContainerCase[];
  readonly postContainers?: readonly ContainerCase[];
  readonly pipefail?: boolean;
  readonly volumes?: Readonly<Record<string, string>>;
  /**
   * Run the first container without its device rules: the runtime needs CAP_SYS_RESOURCE to load
   * them, and small build machines do not have it.
   */
  readonly withoutDeviceRules?: boolean;
}

export interface ProgramResult {
  readonly status: number;
  readonly failedBy: string;
  readonly mode: string;
  /** One line for each event: its kind, and what it says. */
  readonly events: readonly string[];
}

const CGROUPS = "/sys/fs/cgroup";

if (import.meta.main) await main(Deno.args[0] ?? "");

async function main(path: string): Promise<void> {
  const work: ProgramCase = JSON.parse(Deno.readTextFileSync(path));
  const sys = openSystem();
  sys.kernel.unmount(CGROUPS, MNT.DETACH);
  sys.kernel.mount("cgroup2", CGROUPS, "cgroup2", 0, "");
  const interrupt = new AbortController();
  Deno.addSignalListener("SIGTERM", () => interrupt.abort(new Error("SIGTERM")));
  const cgroup = createContainerCgroup(CGROUPS, `b2c-test-${Deno.pid}`);
  const result = work.withoutDeviceRules
    ? await runWithoutDeviceRules(sys, work, cgroup)
    : await runCase(sys, work, cgroup, interrupt.signal);
  Deno.removeSync(CGROUPS + cgroup.path);
  Deno.writeTextFileSync(`${path}.result`, JSON.stringify(result));
  Deno.exit(0);
}

async function runCase(
  sys: System,
  work: ProgramCase,
  cgroup: ContainerCgroup,
  interrupt: AbortSignal,
): Promise<ProgramResult> {
  const events: string[] = [];
  const list = (name: string, cases: readonly ContainerCase[] = []) =>
    cases.map(({ options, command }, index) => ({
      ...makeContainer(options, command),
      text: `${name}${index + 1}`,
    }));
  const state = await runPipeline(
    {
      services: list("service", work.services),
      containers: list("container", work.containers),
      postContainers: list("post", work.postContainers),
      pipefail: work.pipefail ?? false,
    },
    openContainerActions(sys, {
      site: siteOf(sys, work, cgroup),
      imageOf: () => Promise.resolve(imageOf(work)),
      setUpVolumes: () => Promise.resolve(),
      runHooks: () => Promise.resolve(),
      report: (event) => void events.push(renderEvent(event)),
      interrupt,
    }),
    interrupt,
  );
  return { ...state, events };
}

async function runWithoutDeviceRules(
  sys: System,
  work: ProgramCase,
  cgroup: ContainerCgroup,
): Promise<ProgramResult> {
  const { options, command } = work.containers?.[0] ?? {};
  const container = makeContainer(options, command);
  await using created = await createContainer(
    sys,
    siteOf(sys, work, cgroup),
    container,
    imageOf(work),
    {},
  );
  const path = `${created.bundle}/config.json`;
  const spec = JSON.parse(Deno.readTextFileSync(path));
  spec.linux.resources.devices = [];
  Deno.writeTextFileSync(path, JSON.stringify(spec));
  await using running = startCrun(sys, {
    id: "confined",
    bundle: created.bundle,
    stdin: false,
    output: "console",
  });
  const end = await running.ended;
  if (end.kind === "failed") throw end.error;
  return { status: end.status, failedBy: "", mode: "default", events: [] };
}

function siteOf(sys: System, work: ProgramCase, cgroup: ContainerCgroup): ContainerSite {
  return {
    folder: work.folder,
    cgroup,
    networks: openContainerNetworks(sys),
    volumes: new Map(Object.entries(work.volumes ?? {})),
    proxyEnvironment: {},
  };
}

function imageOf(work: ProgramCase): PulledImage {
  return {
    reference: "registry/image:1",
    digest: `sha256:${"0".repeat(64)}`,
    config: {
      architecture: "amd64",
      os: "linux",
      config: work.image ?? { Cmd: ["sh"] },
      diffIds: [],
    },
    layers: work.layers,
    bytes: 0,
    cached: true,
    ms: 0,
  };
}

function renderEvent(event: PipelineEvent): string {
  switch (event.kind) {
    case "line":
      return `line ${event.name}: ${event.line}`;
    case "ended":
      return `ended ${event.container.text} ${event.exitCode}${event.restarts ? " restarts" : ""}`;
    case "failed":
      return `failed ${event.container.text}: ${describe(event.error)}`;
    case "creating":
    case "running":
      return `${event.kind} ${event.container.text}`;
    default:
      return event.kind;
  }
}
