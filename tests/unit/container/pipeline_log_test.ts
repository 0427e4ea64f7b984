import { describe, expect, it } from "vitest";
import { openPipelineLog } from "../../../agent/container/pipeline_log.ts";
import { createLogger } from "../../../agent/log.ts";
import { makeContainer } from "../../support/container_case.ts";

function openLog() {
  let console = "";
  const log = createLogger({
    write: (text) => void (console += text),
    uptime: () => 1500,
    now: () => 7000,
  });
  return { ...openPipelineLog(log), log, text: () => console };
}

const container = { ...makeContainer({ tty: true }), text: "-t image" };

describe("openPipelineLog", () => {
  it("writes the sections that users know, each closed before the next", () => {
    const { report, close, text } = openLog();
    report({ kind: "started", containers: 2 });
    report({ kind: "creating", role: "service", container });
    report({ kind: "running", role: "service", container });
    report({ kind: "line", name: "telemetry", line: "up" });
    report({ kind: "hooks", moment: "container_start" });
    report({ kind: "creating", role: "container", container });
    report({ kind: "running", role: "container", container });
    report({ kind: "ended", role: "container", container, exitCode: 3, restarts: false });
    report({ kind: "skipped", role: "container", count: 1, reason: "pipefail" });
    report({ kind: "stopping-services", count: 1 });
    report({ kind: "ended", role: "service", container, exitCode: 0, restarts: false });
    close();
    const lines = text().replaceAll("\x1b[0K", "").replaceAll("\r", " ").split("\n");
    expect(lines).toEqual([
      "section_start:7:start_pipeline[collapsed=true] [1.500]: Run the pipeline: 2 containers",
      "section_end:7:start_pipeline ",
      "section_start:7:start_service_container[collapsed=true] [1.500]: " +
      "Pull and create service: -t image",
      "[1.500]: service runs: -t image",
      "[1.500]: telemetry: up",
      "section_end:7:start_service_container ",
      "section_start:7:execute_hooks[collapsed=true] [1.500]: Execute the container_start hooks",
      "section_end:7:execute_hooks ",
      "section_start:7:create_container[collapsed=true] [1.500]: " +
      "Pull and create container: -t image",
      "section_end:7:create_container ",
      "section_start:7:container_run [1.500]: Run container: -t image",
      "section_end:7:container_run ",
      "section_start:7:b2c_post_container[collapsed=true] [1.500]: container ended with status 3",
      "[1.500]: WARNING: 1 container not run: pipefail",
      "[1.500]: stop 1 service",
      "[1.500]: service ended with status 0: -t image",
      "section_end:7:b2c_post_container ",
      "",
    ]);
  });

  it("keeps lines back while a container has the terminal", () => {
    const { report, log, text } = openLog();
    report({ kind: "running", role: "container", container });
    const before = text();
    log.info("beside");
    report({ kind: "line", name: "telemetry", line: "beside" });
    expect(text()).toBe(before);
    report({ kind: "ended", role: "container", container, exitCode: 0, restarts: false });
    expect(text()).toContain("beside");
  });

  it("says why a container did not run", () => {
    const { report, text } = openLog();
    const error = new Error("Cannot pull x", { cause: new Error("no route") });
    report({ kind: "running", role: "container", container });
    report({ kind: "failed", role: "container", container, error });
    expect(text()).toContain("ERROR: Cannot run container: -t image");
    expect(text()).toContain("ERROR: Cannot pull x");
    expect(text()).toContain("ERROR: because: no route");
    report({ kind: "step-failed", step: "Volume setup", error });
    expect(text()).toContain("ERROR: Volume setup failed");
  });
});
