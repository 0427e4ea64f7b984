/** What a pipeline does on a real machine. */
import type { ContainerConfig } from "../config/container_config.ts";
import type { PulledImage } from "../oci/image.ts";
import type { System } from "../sys/system.ts";
import type { ContainerSite } from "./create_container.ts";
import type { PipelineActions } from "./pipeline.ts";
import type { HookMoment, ReportPipeline } from "./pipeline_events.ts";
import { runContainer } from "./run_container.ts";
import { startService } from "./service.ts";

export interface ContainerActionSources {
  readonly site: ContainerSite;
  /** The pull that has begun for a container. Each container waits for its own image alone. */
  readonly imageOf: (container: ContainerConfig) => Promise<PulledImage>;
  readonly setUpVolumes: () => Promise<void>;
  readonly runHooks: (moment: HookMoment) => Promise<void>;
  readonly report: ReportPipeline;
  /** Aborted: the container that runs is asked to end. */
  readonly interrupt: AbortSignal;
}

/** The actions for {@linkcode runPipeline}: containers run in crun. */
export function openContainerActions(
  sys: System,
  sources: ContainerActionSources,
): PipelineActions {
  const { site, imageOf, setUpVolumes, runHooks, report, interrupt } = sources;
  return {
    setUpVolumes,
    runHooks,
    report,
    runContainer(container, role, environment) {
      report({ kind: "creating", role, container });
      const onRunning = () => report({ kind: "running", role, container });
      const image = imageOf(container);
      return runContainer(sys, site, container, image, { environment, interrupt, onRunning });
    },
    startService(container, environment) {
      report({ kind: "creating", role: "service", container });
      const image = imageOf(container);
      return startService(sys, site, container, image, { environment, interrupt, report });
    },
  };
}
