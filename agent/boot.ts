/** The life of a machine between its first and its last breath: one line per thing a user names. */
import type { Config } from "./config/config.ts";
import { renderProblems } from "./config/render_problems.ts";
import { createContainerCgroup } from "./container/cgroups.ts";
import { openContainerActions } from "./container/container_actions.ts";
import { openContainerNetworks } from "./container/network/container_networks.ts";
import { chooseNetworkModules } from "./container/network/modules.ts";
import { runPipeline } from "./container/pipeline.ts";
import { openPipelineLog } from "./container/pipeline_log.ts";
import { renderProxyEnvironment } from "./container/proxy_environment.ts";
import { describe } from "./errors.ts";
import type { Logger } from "./log.ts";
import { applyClockFloor } from "./net/clock.ts";
import { openNetwork } from "./net/network.ts";
import { renderLease } from "./net/plan.ts";
import { openImages } from "./pull_images.ts";
import { readBuildEpoch } from "./read_release.ts";
import { stepRunner } from "./steps.ts";
import { checkModules, loadDeviceModules, loadNetworkModules } from "./sys/modules.ts";
import { mountRamStorage } from "./sys/mounts.ts";
import type { System } from "./sys/system.ts";
import { VERSION } from "./version.ts";

/** How a boot ended, and what the machine is to do now. */
export interface Ending {
  /** 0: every container did what it should. */
  readonly status: number;
  readonly mode: Config["onFailure"];
}

const STORAGE = "/storage";
/** What containers need whatever devices there are. */
const ALWAYS_LOADED = ["overlay"];
const CGROUP_ROOT = "/sys/fs/cgroup";

/**
 * Boots: from a mounted root to the end of the pipeline.
 * @param interrupt aborted: what runs is stopped in order
 * @throws AgentError when the pipeline could not be run
 */
export async function boot(
  sys: System,
  log: Logger,
  config: Config,
  interrupt: AbortSignal,
): Promise<Ending> {
  const step = stepRunner(sys.clock, log);
  log.endSection("b2c_kernel_boot");
  if (!reportConfiguration(log, config)) return { status: 1, mode: config.onFailure };

  // First, while nothing else runs: the kernel rewrites its own code for each controller, and
  // emulators with several processors have been seen to trip over that.
  const cgroup = createContainerCgroup(CGROUP_ROOT, "b2c");
  sys.kernel.setHostname(config.hostname);
  // Before the first TLS handshake: a board without a clock battery believes it is 1970 and refuses
  // every certificate.
  if (applyClockFloor(sys, readBuildEpoch())) {
    log.warn("the clock was wrong: it has the build date");
  }
  await step("load network drivers", () => loadNetworkModules(sys), { section: "load_modules" });
  checkModules(log);
  // Beside the network: no container waits for disks and the like that only needs its image.
  const modules = [...ALWAYS_LOADED, ...chooseNetworkModules(config)];
  const drivers = step("load drivers", () => loadDeviceModules(sys, modules), {
    optional: { fallback: 0 },
  });
  mountRamStorage(sys, STORAGE);

  // Disposed in reverse order, also on error: pulls first, then the network.
  const opening = step("bring up network", () =>
    openNetwork(sys, {
      hostname: config.hostname,
      timeout: config.network.timeout,
      onWait: (text) => log.info(text),
      onTrouble: (error) => log.warn(describe(error)),
    }), {
    section: "connect",
    outcome: (network) => network ? renderLease(network.lease) : "",
    optional: { fallback: undefined },
  });
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => await (await opening)?.[Symbol.asyncDispose]());
  const images = stack.use(
    await openImages(sys, log, step, config, `${STORAGE}/b2c`, opening),
  );
  await opening;
  await drivers;

  const pipelineLog = openPipelineLog(log);
  const site = {
    folder: `${STORAGE}/containers`,
    cgroup,
    networks: openContainerNetworks(sys),
    volumes: new Map<string, string>(),
    proxyEnvironment: renderProxyEnvironment(config.proxy),
  };
  const actions = openContainerActions(sys, {
    site,
    imageOf: images.imageOf,
    setUpVolumes: () => Promise.resolve(),
    runHooks: () => Promise.resolve(),
    report: pipelineLog.report,
    interrupt,
  });
  try {
    const { status, mode } = await runPipeline(config, actions, interrupt);
    return { status, mode: mode === "reboot" ? "reboot" : "poweroff" };
  } finally {
    pipelineLog.close();
  }
}

/** Tells every mistake. @returns false when one of them means that nothing can run */
function reportConfiguration(log: Logger, { problems, unimplemented }: Config): boolean {
  log.startSection("b2c_setup", `boot2container ${VERSION}`);
  try {
    if (problems.length > 0) log.info(renderProblems(problems));
    if (unimplemented.length > 0) {
      log.error(`not implemented yet: ${unimplemented.join(", ")}`);
    }
    if (!problems.some((problem) => problem.essential)) return true;
    log.error("Cannot run anything: correct the command line first");
    return false;
  } finally {
    log.endSection("b2c_setup");
  }
}
