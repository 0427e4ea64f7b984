import { describe, expect, it } from "vitest";
import type { ContainerConfig } from "../../../agent/config/container_config.ts";
import { ContainerError } from "../../../agent/container/container_error.ts";
import { type PipelinePlan, runPipeline } from "../../../agent/container/pipeline.ts";
import { AgentError } from "../../../agent/errors.ts";
import { makeContainer } from "../../support/container_case.ts";

const named = (text: string): ContainerConfig => ({ ...makeContainer(), text });

/** What happens to whom: an exit status, or an error. By a container's text or a hook's moment. */
type Outcomes = Readonly<Record<string, number | Error>>;

interface Run {
  readonly status: number;
  readonly failedBy: string;
  readonly mode: string;
  /** What was done, in order. */
  readonly done: readonly string[];
  /** B2C_PIPELINE_… of the last container. */
  readonly environment: Readonly<Record<string, string>>;
}

async function run(
  names: { services?: string; containers?: string; post?: string; pipefail?: boolean },
  outcomes: Outcomes = {},
  interruptAt = "",
): Promise<Run> {
  const list = (text = "") => text === "" ? [] : text.split(" ").map(named);
  const plan: PipelinePlan = {
    services: list(names.services),
    containers: list(names.containers),
    postContainers: list(names.post),
    pipefail: names.pipefail ?? false,
  };
  const done: string[] = [];
  const interrupt = new AbortController();
  let environment: Readonly<Record<string, string>> = {};
  const act = (name: string): Promise<number> => {
    done.push(name);
    if (name === interruptAt) interrupt.abort();
    const outcome = outcomes[name] ?? 0;
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  };
  const state = await runPipeline(plan, {
    setUpVolumes: async () => void await act("volumes"),
    runHooks: async (moment) => void await act(moment),
    runContainer(container, _role, variables) {
      environment = variables;
      return act(container.text);
    },
    async startService(container) {
      await act(container.text);
      return { [Symbol.asyncDispose]: async () => void await act(`stop ${container.text}`) };
    },
    report: () => {},
  }, interrupt.signal);
  return { ...state, done: done.filter((name) => !name.startsWith("container_")), environment };
}

describe("runPipeline", () => {
  it("does everything in order", async () => {
    const { done, status } = await run({ services: "s t", containers: "a b", post: "p" });
    expect(done.join(" ")).toBe("volumes pipeline_start s t a b p stop t stop s pipeline_end");
    expect(status).toBe(0);
  });

  it("goes on after a failure, which counts", async () => {
    const result = await run({ containers: "a b c", post: "p" }, { b: 5, c: 6, p: 7 });
    expect(result).toMatchObject({ status: 5, failedBy: "b" });
    expect(result.done).toEqual(["volumes", "pipeline_start", "a", "b", "c", "p", "pipeline_end"]);
    expect(result.environment).toMatchObject({
      B2C_PIPELINE_STATUS: "5",
      B2C_PIPELINE_FAILED_BY: "b",
      B2C_PIPELINE_PREV_CONTAINER: "c",
      B2C_PIPELINE_PREV_CONTAINER_EXIT_CODE: "6",
    });
  });

  it("ends at the first failure with pipefail, but for post containers", async () => {
    const result = await run({ containers: "a b c", post: "p q", pipefail: true }, { b: 5, p: 1 });
    expect(result).toMatchObject({ status: 5, failedBy: "b" });
    expect(result.done).toEqual(["volumes", "pipeline_start", "a", "b", "p", "q", "pipeline_end"]);
  });

  it("runs nothing without its volumes", async () => {
    const result = await run({ containers: "a", post: "p" }, { volumes: new Error("no disk") });
    expect(result).toMatchObject({ status: 1, failedBy: "Volume setup", done: ["volumes"] });
  });

  it("runs nothing after failing pipeline_start hooks", async () => {
    const outcomes = { pipeline_start: new Error("no") };
    const result = await run({ services: "s", containers: "a", post: "p" }, outcomes);
    expect(result).toMatchObject({ status: 1, failedBy: "Pipeline-start hooks" });
    expect(result.done).toEqual(["volumes", "pipeline_start"]);
  });

  it("does not run a container whose container_start hooks fail", async () => {
    const result = await run({ containers: "a" }, { container_start: new Error("no") });
    expect(result).toMatchObject({ status: 1, failedBy: "a" });
    expect(result.done).not.toContain("a");
  });

  it("counts failing container_end hooks as 1", async () => {
    const result = await run({ containers: "a" }, { container_end: new Error("no") });
    expect(result).toMatchObject({ status: 1, failedBy: "a" });
  });

  it("counts failing pipeline_end hooks only where nothing else failed", async () => {
    const outcomes = { pipeline_end: new Error("no") };
    expect(await run({ containers: "a" }, outcomes))
      .toMatchObject({ status: 1, failedBy: "Pipeline-end hooks" });
    expect(await run({ containers: "a" }, { ...outcomes, a: 4 }))
      .toMatchObject({ status: 4, failedBy: "a" });
  });

  it("gives a container that cannot run podman's status", async () => {
    const notFound = new ContainerError(127, "Cannot run x: not found in the image");
    expect(await run({ containers: "a" }, { a: notFound })).toMatchObject({ status: 127 });
    expect(
      await run({ containers: "a" }, { a: new AgentError("Cannot pull x", { cause: notFound }) }),
    )
      .toMatchObject({ status: 127 });
    expect(await run({ containers: "a b" }, { a: new Error("no such image") }))
      .toMatchObject({ status: 125, failedBy: "a" });
  });

  it("runs no container when a service fails, and stops those that run", async () => {
    const outcomes = { t: new ContainerError(126, "Cannot run t") };
    const result = await run({ services: "s t u", containers: "a", post: "p" }, outcomes);
    expect(result).toMatchObject({ status: 126, failedBy: "t" });
    expect(result.done.join(" ")).toBe("volumes pipeline_start s t stop s pipeline_end");
  });

  it("remembers that a container called reboot(2)", async () => {
    expect(await run({ containers: "a b" }, { a: 129 }))
      .toMatchObject({ status: 129, mode: "reboot" });
    expect(await run({ containers: "a", post: "p" }, { p: 130 }))
      .toMatchObject({ status: 0, mode: "poweroff" });
  });

  it("stops in order when it is interrupted", async () => {
    const result = await run({ services: "s", containers: "a b", post: "p" }, { a: 143 }, "a");
    expect(result).toMatchObject({ status: 143, failedBy: "a" });
    expect(result.done.join(" ")).toBe("volumes pipeline_start s a stop s pipeline_end");
    expect(await run({ containers: "a b" }, {}, "a"))
      .toMatchObject({ status: 1, failedBy: "Interrupt" });
  });
});
