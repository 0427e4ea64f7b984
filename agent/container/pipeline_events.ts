/** What a pipeline reports while it runs. */
import type { ContainerConfig } from "../config/container_config.ts";

export type ContainerRole = "container" | "service" | "post";

/** When hooks run. */
export type HookMoment = "pipeline_start" | "container_start" | "container_end" | "pipeline_end";

export type PipelineEvent =
  | { readonly kind: "started"; readonly containers: number }
  | { readonly kind: "hooks"; readonly moment: HookMoment }
  /** A step around the containers failed. */
  | { readonly kind: "step-failed"; readonly step: string; readonly error: unknown }
  /** Its image is awaited, then its files are made. */
  | {
    readonly kind: "creating";
    readonly role: ContainerRole;
    readonly container: ContainerConfig;
  }
  | {
    readonly kind: "running";
    readonly role: ContainerRole;
    readonly container: ContainerConfig;
  }
  | {
    readonly kind: "ended";
    readonly role: ContainerRole;
    readonly container: ContainerConfig;
    readonly exitCode: number;
    /** Of a service: it will be started again. */
    readonly restarts: boolean;
  }
  /** It did not run, or its hooks failed. */
  | {
    readonly kind: "failed";
    readonly role: ContainerRole;
    readonly container: ContainerConfig;
    readonly error: unknown;
  }
  /** These are not going to run. */
  | {
    readonly kind: "skipped";
    readonly role: ContainerRole;
    readonly count: number;
    readonly reason: string;
  }
  /** A line of a service's output. */
  | { readonly kind: "line"; readonly name: string; readonly line: string }
  | { readonly kind: "stopping-services"; readonly count: number };

export type ReportPipeline = (event: PipelineEvent) => void;
