/** A service: a container in the background, its lines on the console under its name. */
import type { ContainerConfig } from "../config/container_config.ts";
import type { PulledImage } from "../oci/image.ts";
import type { System } from "../sys/system.ts";
import { type ContainerSite, createContainer, type CreatedContainer } from "./create_container.ts";
import { type RunningContainer, startCrun } from "./crun.ts";
import { forwardLines } from "./forward_lines.ts";
import type { ReportPipeline } from "./pipeline_events.ts";
import { planRestart } from "./restart_policy.ts";
import { awaitImage } from "./run_container.ts";
import { waitUpTo } from "./wait_up_to.ts";

export interface ServiceOptions {
  /** `B2C_PIPELINE_…`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted: no longer wait for the image. */
  readonly interrupt: AbortSignal;
  readonly report: ReportPipeline;
}

const LAST_LINES_MS = 1000;

/**
 * Starts a service and keeps it as its restart policy says. Disposing the result stops it, with
 * its stop signal, its grace, then SIGKILL.
 * @throws ContainerError when it could not start; what the image's pull threw
 */
export async function startService(
  sys: System,
  site: ContainerSite,
  container: ContainerConfig,
  image: Promise<PulledImage>,
  { environment, interrupt, report }: ServiceOptions,
): Promise<AsyncDisposable> {
  // The console's terminal is for the containers of the pipeline.
  const background: ContainerConfig = {
    ...container,
    options: { ...container.options, tty: false, interactive: false },
  };
  const pulled = await awaitImage(image, interrupt);
  await using stack = new AsyncDisposableStack();
  const created = await createContainer(sys, site, background, pulled, environment);
  stack.use(created);
  const name = nameOf(container);
  const write = (line: string) => report({ kind: "line", name, line });
  let running = startInBackground(sys, created, write);
  if (!await running.started) {
    await running[Symbol.asyncDispose]();
    const end = await running.ended;
    throw end.kind === "failed" ? end.error : new Error(`Cannot start service ${name}`);
  }
  report({ kind: "running", role: "service", container });

  const stopping = new AbortController();
  // Nobody waits for it before the end: its failure is told, not thrown.
  const kept = keep().catch((error) => {
    report({ kind: "failed", role: "service", container, error });
  });
  const cleanup = stack.move();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running.stop(created.stopSignal, container.options.stopTimeout * 1000);
      await kept;
      await cleanup.disposeAsync();
    },
  };

  async function keep(): Promise<void> {
    for (let restarts = 0;; restarts++) {
      const end = await running.ended;
      await running[Symbol.asyncDispose]();
      const exitCode = end.kind === "exited" ? end.status : end.error.status;
      const delay = planRestart(container.options.restart, exitCode, restarts);
      const isOver = delay === undefined || stopping.signal.aborted;
      report({ kind: "ended", role: "service", container, exitCode, restarts: !isOver });
      if (isOver || !await sleep(sys, delay, stopping.signal)) return;
      running = startInBackground(sys, created, write);
    }
  }
}

function startInBackground(
  sys: System,
  created: CreatedContainer,
  write: (line: string) => void,
): RunningContainer {
  const { runId: id, bundle } = created;
  const running = startCrun(sys, { id, bundle, stdin: false, output: "piped" });
  const lines = [running.stdout, running.stderr].map((stream) =>
    // What cannot be shown is lost; the service goes on.
    forwardLines(stream, write).catch(() => undefined)
  );
  return {
    ...running,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      // A process that left the container may hold its output open for ever.
      await waitUpTo(sys.clock, Promise.all(lines), LAST_LINES_MS);
    },
  };
}

/** @returns false when it was cut short */
function sleep(sys: System, ms: number, signal: AbortSignal): Promise<boolean> {
  return sys.clock.sleep(ms, signal).then(() => true, () => false);
}

/** The name that the user gave, or the image's without host, folders and tag. */
function nameOf(container: ContainerConfig): string {
  const image = container.image.split("@")[0]!.split("/").at(-1)!;
  return container.options.name ?? (image.split(":")[0] || "service");
}
