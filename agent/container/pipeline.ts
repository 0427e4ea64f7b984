/** The pipeline: services beside, containers in order, post containers after, hooks between. */
import type { ContainerConfig } from "../config/container_config.ts";
import { findCause } from "../errors.ts";
import { CANNOT_CREATE, ContainerError } from "./container_error.ts";
import type { ContainerRole, HookMoment, ReportPipeline } from "./pipeline_events.ts";
import {
  HOOKS_STATUS,
  INITIAL_PIPELINE,
  type PipelineChange,
  type PipelineState,
  type PipelineStep,
  planPipelineState,
  renderPipelineEnvironment,
} from "./pipeline_state.ts";

export interface PipelinePlan {
  readonly services: readonly ContainerConfig[];
  readonly containers: readonly ContainerConfig[];
  readonly postContainers: readonly ContainerConfig[];
  /** The first failing container ends the pipeline. */
  readonly pipefail: boolean;
}

/** `B2C_PIPELINE_…` */
type Environment = Readonly<Record<string, string>>;

/** What the pipeline lets others do. A rejection is a failure of that step or container. */
export interface PipelineActions {
  setUpVolumes(): Promise<void>;
  /** Reports itself, where there are any. */
  runHooks(moment: HookMoment): Promise<void>;
  /** Waits for the container's image, runs it to its end. @returns its exit status */
  runContainer(
    container: ContainerConfig,
    role: ContainerRole,
    environment: Environment,
  ): Promise<number>;
  /** Comes back when the service runs; disposing the result stops it. */
  startService(container: ContainerConfig, environment: Environment): Promise<AsyncDisposable>;
  readonly report: ReportPipeline;
}

/**
 * Runs a pipeline. Failures of what it runs are results, not errors.
 * @param interrupt aborted: the container that runs is stopped, no other is started; services
 *   are stopped and pipeline_end hooks run all the same
 */
export async function runPipeline(
  plan: PipelinePlan,
  actions: PipelineActions,
  interrupt: AbortSignal,
): Promise<PipelineState> {
  let state = INITIAL_PIPELINE;
  const change = (next: PipelineChange) => {
    state = planPipelineState(state, next);
  };
  const { report } = actions;

  async function runStep(step: PipelineStep, run: () => Promise<void>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      report({ kind: "step-failed", step, error });
      change({ kind: "step-failed", step });
      return false;
    }
  }

  async function runOne(container: ContainerConfig, role: ContainerRole): Promise<void> {
    const { text } = container;
    const isPost = role === "post";
    const fail = (error: unknown, status: number) => {
      report({ kind: "failed", role, container, error });
      change({ kind: "container-failed", text, status, isPost });
    };
    try {
      await actions.runHooks("container_start");
    } catch (error) {
      return fail(error, HOOKS_STATUS);
    }
    let exitCode: number;
    try {
      exitCode = await actions.runContainer(container, role, renderPipelineEnvironment(state));
    } catch (error) {
      return fail(error, statusOf(error));
    }
    report({ kind: "ended", role, container, exitCode, restarts: false });
    let hooksFailed = false;
    try {
      await actions.runHooks("container_end");
    } catch (error) {
      hooksFailed = true;
      report({ kind: "failed", role, container, error });
    }
    change({ kind: "container-ran", text, exitCode, hooksFailed, isPost });
  }

  async function runInOrder(
    containers: readonly ContainerConfig[],
    role: ContainerRole,
  ): Promise<void> {
    for (const [index, container] of containers.entries()) {
      const cutShort = role === "container" && plan.pipefail && state.status !== 0;
      if (interrupt.aborted || cutShort) {
        const reason = interrupt.aborted ? "interrupted" : "pipefail";
        report({ kind: "skipped", role, count: containers.length - index, reason });
        return;
      }
      await runOne(container, role);
    }
  }

  async function startServices(services: AsyncDisposable[]): Promise<boolean> {
    for (const container of plan.services) {
      if (interrupt.aborted) return false;
      try {
        services.push(await actions.startService(container, renderPipelineEnvironment(state)));
      } catch (error) {
        report({ kind: "failed", role: "service", container, error });
        change({ kind: "service-failed", text: container.text, status: statusOf(error) });
        return false;
      }
    }
    return true;
  }

  report({ kind: "started", containers: plan.containers.length });
  if (!await runStep("Volume setup", () => actions.setUpVolumes())) return state;
  if (!await runStep("Pipeline-start hooks", () => actions.runHooks("pipeline_start"))) {
    return state;
  }
  const services: AsyncDisposable[] = [];
  try {
    if (await startServices(services)) {
      await runInOrder(plan.containers, "container");
      await runInOrder(plan.postContainers, "post");
    }
  } finally {
    if (services.length > 0) report({ kind: "stopping-services", count: services.length });
    for (const service of services.toReversed()) await service[Symbol.asyncDispose]();
  }
  if (interrupt.aborted) change({ kind: "step-failed", step: "Interrupt" });
  await runStep("Pipeline-end hooks", () => actions.runHooks("pipeline_end"));
  return state;
}

function statusOf(error: unknown): number {
  return findCause(error, ContainerError)?.status ?? CANNOT_CREATE;
}
