/** A pipeline's events as lines and sections of the console. */
import { assertNever, describe } from "../errors.ts";
import type { Logger, SectionName } from "../log.ts";
import type { PipelineEvent, ReportPipeline } from "./pipeline_events.ts";

/** Makes a reporter for one pipeline. Each section closes the one before; `close` the last. */
export function openPipelineLog(log: Logger): { report: ReportPipeline; close(): void } {
  let section: SectionName | undefined;
  let held: Disposable | undefined;
  const release = () => {
    held?.[Symbol.dispose]();
    held = undefined;
  };
  const close = () => {
    release();
    if (section) log.endSection(section);
    section = undefined;
  };
  const open = (name: SectionName, title: string) => {
    close();
    log.startSection(name, title);
    section = name;
  };

  function report(event: PipelineEvent): void {
    switch (event.kind) {
      case "started":
        return open("start_pipeline", `Run the pipeline: ${count(event.containers, "container")}`);
      case "hooks":
        return open("execute_hooks", `Execute the ${event.moment} hooks`);
      case "step-failed":
        return log.error(`${event.step} failed\n${describe(event.error)}`);
      case "creating":
        return open(
          event.role === "service" ? "start_service_container" : "create_container",
          `Pull and create ${nameOf(event.role)}: ${event.container.text}`,
        );
      case "running":
        if (event.role === "service") return log.info(`service runs: ${event.container.text}`);
        open("container_run", `Run ${nameOf(event.role)}: ${event.container.text}`);
        if (event.container.options.tty) held = log.hold();
        return;
      case "ended":
        if (event.role === "service") {
          return log.info(
            `service ended with status ${event.exitCode}` +
              `${event.restarts ? ", starting it again" : ""}: ${event.container.text}`,
          );
        }
        open("b2c_post_container", `${nameOf(event.role)} ended with status ${event.exitCode}`);
        return;
      case "failed":
        // A service may fail while a container has the terminal.
        if (event.role !== "service") release();
        return log.error(
          `Cannot run ${nameOf(event.role)}: ${event.container.text}\n${describe(event.error)}`,
        );
      case "skipped":
        return log.warn(`${count(event.count, nameOf(event.role))} not run: ${event.reason}`);
      case "line":
        return log.info(`${event.name}: ${event.line}`);
      case "stopping-services":
        return log.info(`stop ${count(event.count, "service")}`);
      default:
        return assertNever(event);
    }
  }
  return { report, close };
}

function nameOf(role: "container" | "service" | "post"): string {
  return role === "post" ? "post container" : role;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
