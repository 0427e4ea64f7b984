/** One container of the pipeline, from its image to its exit status. */
import type { ContainerConfig } from "../config/container_config.ts";
import type { PulledImage } from "../oci/image.ts";
import type { System } from "../sys/system.ts";
import { type ContainerSite, createContainer } from "./create_container.ts";
import { type ContainerEnd, type RunningContainer, startCrun } from "./crun.ts";
import { SIGKILL } from "./signals.ts";

export interface RunContainerOptions {
  /** `B2C_PIPELINE_…`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted: the container is asked to end, and killed after its grace. */
  readonly interrupt: AbortSignal;
  /** Called right before the container has the console. */
  readonly onRunning: () => void;
}

/**
 * Runs a container on the console to its end.
 * @returns its exit status; 128 + signal number when a signal ended it
 * @throws ContainerError when it could not run; what the image's pull threw
 */
export async function runContainer(
  sys: System,
  site: ContainerSite,
  container: ContainerConfig,
  image: Promise<PulledImage>,
  { environment, interrupt, onRunning }: RunContainerOptions,
): Promise<number> {
  const { options } = container;
  const pulled = await awaitImage(image, interrupt);
  await using created = await createContainer(sys, site, container, pulled, environment);
  onRunning();
  await using running = startCrun(sys, {
    id: created.runId,
    bundle: created.bundle,
    // A terminal is the console itself: crun makes it raw and copies both ways.
    stdin: options.interactive || options.tty,
    output: "console",
  });
  const end = await waitForEnd(sys, running, {
    timeoutMs: options.timeout * 1000,
    interrupted: waitForAbort(interrupt),
    stopSignal: created.stopSignal,
    graceMs: options.stopTimeout * 1000,
  });
  if (end.kind === "failed") throw end.error;
  return end.status;
}

/**
 * Waits for an image, but not past an interrupt.
 * @throws what the pull failed with, or the interrupt's reason
 */
export async function awaitImage(
  image: Promise<PulledImage>,
  interrupt: AbortSignal,
): Promise<PulledImage> {
  const interrupted = waitForAbort(interrupt).then(() => undefined);
  const pulled = await Promise.race([image, interrupted]);
  if (!pulled) throw interrupt.reason;
  return pulled;
}

interface EndOptions {
  /** 0: no limit. */
  readonly timeoutMs: number;
  readonly interrupted: Promise<void>;
  readonly stopSignal: number;
  readonly graceMs: number;
}

async function waitForEnd(
  sys: System,
  running: RunningContainer,
  { timeoutMs, interrupted, stopSignal, graceMs }: EndOptions,
): Promise<ContainerEnd> {
  const timer = new AbortController();
  // When the timer is given up, its end is the container's.
  const timeUp = timeoutMs > 0
    ? sys.clock.sleep(timeoutMs, timer.signal).then(() => "time-up" as const, () => running.ended)
    : running.ended;
  try {
    const first = await Promise.race([
      running.ended,
      timeUp,
      interrupted.then(() => "interrupted" as const),
    ]);
    if (first === "time-up") return await running.stop(SIGKILL, 0);
    if (first === "interrupted") return await running.stop(stopSignal, graceMs);
    return first;
  } finally {
    timer.abort();
  }
}

function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
