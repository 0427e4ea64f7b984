/** What a pipeline has come to: the accounting of its statuses, free of effects. */
import { assertNever } from "../errors.ts";

/** What a container that called reboot(2) asked for; `default`: none did. */
export type ShutdownMode = "default" | "reboot" | "poweroff";

export interface PipelineState {
  /** 0, or the status of what failed first. */
  readonly status: number;
  /** The container's text or the step's name; empty: nothing has failed. */
  readonly failedBy: string;
  /** The last container that ran. */
  readonly previous: { readonly text: string; readonly exitCode: number } | undefined;
  readonly mode: ShutdownMode;
}

/** A step around the containers, by the name that users know. */
export type PipelineStep =
  | "Volume setup"
  | "Pipeline-start hooks"
  | "Pipeline-end hooks"
  | "Interrupt";

export type PipelineChange =
  | { readonly kind: "step-failed"; readonly step: PipelineStep }
  | { readonly kind: "service-failed"; readonly text: string; readonly status: number }
  | {
    readonly kind: "container-ran";
    readonly text: string;
    readonly exitCode: number;
    /** Its container_end hooks failed. */
    readonly hooksFailed: boolean;
    readonly isPost: boolean;
  }
  /** Its container_start hooks failed (status 1), or it could not be made. */
  | {
    readonly kind: "container-failed";
    readonly text: string;
    readonly status: number;
    readonly isPost: boolean;
  };

export const INITIAL_PIPELINE: PipelineState = {
  status: 0,
  failedBy: "",
  previous: undefined,
  mode: "default",
};

/** What hooks count as when they fail. */
export const HOOKS_STATUS = 1;

/**
 * The kernel ends the first process of a PID namespace whose process calls reboot(2) as if by
 * SIGHUP to restart, by SIGINT to power off (reboot(2), "Behavior inside PID namespaces").
 */
const MODES: Readonly<Record<number, ShutdownMode>> = { 129: "reboot", 130: "poweroff" };

/** Plans the state after a change. The first failure counts; a post container's never does. */
export function planPipelineState(state: PipelineState, change: PipelineChange): PipelineState {
  switch (change.kind) {
    case "step-failed":
      return withFailure(state, HOOKS_STATUS, change.step);
    case "service-failed":
      return withFailure(state, change.status, change.text);
    case "container-failed":
      return change.isPost ? state : withFailure(state, change.status, change.text);
    case "container-ran": {
      const { text, exitCode } = change;
      const next = { ...state, previous: { text, exitCode }, mode: MODES[exitCode] ?? state.mode };
      const status = change.hooksFailed ? HOOKS_STATUS : exitCode;
      return change.isPost ? next : withFailure(next, status, text);
    }
    default:
      return assertNever(change);
  }
}

function withFailure(state: PipelineState, status: number, failedBy: string): PipelineState {
  return state.status === 0 && status !== 0 ? { ...state, status, failedBy } : state;
}

/** Renders what the next container is told of those before it. */
export function renderPipelineEnvironment(state: PipelineState): Readonly<Record<string, string>> {
  return {
    B2C_PIPELINE_STATUS: String(state.status),
    B2C_PIPELINE_FAILED_BY: state.failedBy,
    B2C_PIPELINE_PREV_CONTAINER: state.previous?.text ?? "",
    B2C_PIPELINE_PREV_CONTAINER_EXIT_CODE: String(state.previous?.exitCode ?? ""),
    B2C_PIPELINE_SHUTDOWN_MODE: state.mode,
  };
}
