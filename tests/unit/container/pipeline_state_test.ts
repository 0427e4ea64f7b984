import { describe, expect, it } from "vitest";
import {
  INITIAL_PIPELINE,
  type PipelineChange,
  planPipelineState,
  renderPipelineEnvironment,
} from "../../../agent/container/pipeline_state.ts";

function ran(text: string, exitCode: number, more: Partial<PipelineChange> = {}): PipelineChange {
  const change = { kind: "container-ran", text, exitCode, hooksFailed: false, isPost: false };
  return { ...change, ...more } as PipelineChange;
}

function failed(text: string, status: number, isPost = false): PipelineChange {
  return { kind: "container-failed", text, status, isPost };
}

function stateAfter(...changes: PipelineChange[]) {
  return changes.reduce(planPipelineState, INITIAL_PIPELINE);
}

describe("planPipelineState", () => {
  it.each([
    { about: "nothing ran", changes: [], status: 0, failedBy: "" },
    { about: "all succeed", changes: [ran("a", 0), ran("b", 0)], status: 0, failedBy: "" },
    {
      about: "the first failing one counts",
      changes: [ran("a", 0), ran("b", 5), ran("c", 7), ran("d", 0)],
      status: 5,
      failedBy: "b",
    },
    {
      about: "post containers do not count",
      changes: [ran("a", 0), ran("p", 9, { isPost: true }), failed("q", 125, true)],
      status: 0,
      failedBy: "",
    },
    {
      about: "container_end hooks that fail count as 1",
      changes: [ran("a", 0, { hooksFailed: true })],
      status: 1,
      failedBy: "a",
    },
    {
      about: "container_end hooks that fail count as 1 after any exit code",
      changes: [ran("a", 5, { hooksFailed: true })],
      status: 1,
      failedBy: "a",
    },
    {
      about: "container_end hooks of a post container do not count",
      changes: [ran("a", 0, { hooksFailed: true, isPost: true })],
      status: 0,
      failedBy: "",
    },
    { about: "no such image", changes: [failed("a", 125)], status: 125, failedBy: "a" },
    {
      about: "volumes cannot be set up",
      changes: [{ kind: "step-failed", step: "Volume setup" }],
      status: 1,
      failedBy: "Volume setup",
    },
    {
      about: "pipeline_start hooks fail",
      changes: [{ kind: "step-failed", step: "Pipeline-start hooks" }],
      status: 1,
      failedBy: "Pipeline-start hooks",
    },
    {
      about: "pipeline_end hooks fail after a success",
      changes: [ran("a", 0), { kind: "step-failed", step: "Pipeline-end hooks" }],
      status: 1,
      failedBy: "Pipeline-end hooks",
    },
    {
      about: "pipeline_end hooks fail after a failure",
      changes: [ran("a", 3), { kind: "step-failed", step: "Pipeline-end hooks" }],
      status: 3,
      failedBy: "a",
    },
    {
      about: "a service cannot be created",
      changes: [{ kind: "service-failed", text: "s", status: 127 }],
      status: 127,
      failedBy: "s",
    },
  ] as { about: string; changes: PipelineChange[]; status: number; failedBy: string }[])(
    "$about",
    ({ changes, status, failedBy }) => {
      expect(stateAfter(...changes)).toMatchObject({ status, failedBy });
    },
  );

  it.each([
    { about: "none asked", changes: [ran("a", 0), ran("b", 128)], mode: "default" },
    { about: "a reboot", changes: [ran("a", 129)], mode: "reboot" },
    { about: "a power-off", changes: [ran("a", 130)], mode: "poweroff" },
    { about: "the last one counts", changes: [ran("a", 129), ran("b", 130)], mode: "poweroff" },
    { about: "it stays", changes: [ran("a", 129), ran("b", 0)], mode: "reboot" },
    { about: "post containers too", changes: [ran("p", 129, { isPost: true })], mode: "reboot" },
    { about: "only who ran", changes: [failed("a", 129)], mode: "default" },
  ])("shutdown mode: $about", ({ changes, mode }) => {
    expect(stateAfter(...changes).mode).toBe(mode);
  });
});

describe("renderPipelineEnvironment", () => {
  it("is empty of news at the beginning", () => {
    expect(renderPipelineEnvironment(INITIAL_PIPELINE)).toEqual({
      B2C_PIPELINE_STATUS: "0",
      B2C_PIPELINE_FAILED_BY: "",
      B2C_PIPELINE_PREV_CONTAINER: "",
      B2C_PIPELINE_PREV_CONTAINER_EXIT_CODE: "",
      B2C_PIPELINE_SHUTDOWN_MODE: "default",
    });
  });

  it("tells of the first failure and of the last container that ran", () => {
    const state = stateAfter(ran("-ti a", 5), ran("b", 129), ran("c", 0), failed("d", 125));
    expect(renderPipelineEnvironment(state)).toEqual({
      B2C_PIPELINE_STATUS: "5",
      B2C_PIPELINE_FAILED_BY: "-ti a",
      B2C_PIPELINE_PREV_CONTAINER: "c",
      B2C_PIPELINE_PREV_CONTAINER_EXIT_CODE: "0",
      B2C_PIPELINE_SHUTDOWN_MODE: "reboot",
    });
  });
});
