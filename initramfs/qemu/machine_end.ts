/** How a virtual machine ended, and what that means for the command that ran it. */
import { assertNever } from "../../agent/errors.ts";
import { parseLastWords } from "./console_text.ts";

export type MachineEnd =
  /** The agent told the pipeline's status, and the machine ended. */
  | { readonly kind: "pipeline"; readonly status: number }
  /** `message`: the kernel's line. */
  | { readonly kind: "panic"; readonly message: string }
  /** It had not ended when its time was over. */
  | { readonly kind: "timeout"; readonly seconds: number }
  /** It ended, or was ended, without a word about a pipeline. */
  | { readonly kind: "silent" }
  /** Somebody stopped it from outside. */
  | { readonly kind: "stopped" }
  /** QEMU itself failed; `message` is what it wrote to stderr. */
  | { readonly kind: "qemu"; readonly status: number; readonly message: string };

/** What the runner knows about the end. */
export interface EndFacts {
  readonly console: string;
  readonly qemuStatus: number;
  readonly qemuMessage: string;
  readonly stoppedBy: "timeout" | "caller" | undefined;
  readonly limitMs: number;
}

/** Judges how a machine ended. */
export function classifyEnd(facts: EndFacts): MachineEnd {
  const { panic, status } = parseLastWords(facts.console);
  if (panic !== undefined) return { kind: "panic", message: panic };
  if (facts.stoppedBy === "timeout") return { kind: "timeout", seconds: facts.limitMs / 1000 };
  if (facts.stoppedBy === "caller") return { kind: "stopped" };
  if (facts.qemuStatus !== 0) {
    return { kind: "qemu", status: facts.qemuStatus, message: facts.qemuMessage.trim() };
  }
  return status === undefined ? { kind: "silent" } : { kind: "pipeline", status };
}

/** The exit status for the command: the pipeline's; 124 after a timeout, 130 when stopped, else 1. */
export function exitStatusOf(end: MachineEnd): number {
  switch (end.kind) {
    case "pipeline":
      // The kernel keeps eight bits of an exit status: 256 must not become 0.
      return Math.min(end.status, 255);
    case "timeout":
      return 124;
    case "stopped":
      return 130;
    case "panic":
    case "silent":
    case "qemu":
      return 1;
    default:
      return assertNever(end);
  }
}

/** One line for a person. */
export function renderEnd(end: MachineEnd): string {
  switch (end.kind) {
    case "pipeline":
      return `The machine ended, pipeline status ${end.status}`;
    case "panic":
      return `The machine's kernel gave up: ${end.message}`;
    case "timeout":
      return `The machine was stopped: it had not ended after ${end.seconds} s`;
    case "silent":
      return "The machine ended without telling a pipeline status";
    case "stopped":
      return "The machine was stopped";
    case "qemu":
      return `Cannot run the machine: QEMU ended with status ${end.status}: ${end.message}`;
    default:
      return assertNever(end);
  }
}
