/** A boot test as data, and how it is run: real kernel, real archives, in QEMU. */
import { expect } from "vitest";
import { type BootFiles, bootMachine } from "../../initramfs/boot_machine.ts";
import type { Drive, NetworkCard } from "../../initramfs/qemu/qemu_arguments.ts";
import { renderEnd } from "../../initramfs/qemu/machine_end.ts";
import type { RunningVm, VmOptions } from "../../initramfs/qemu/run_vm.ts";
import { type ConsoleExpect, createConsoleExpect } from "./console_expect.ts";

/** One boot and what is expected of it. */
export interface BootCase {
  readonly name: string;
  /** Values of `b2c.run`, unquoted. */
  readonly runs: readonly string[];
  /** More words for the kernel command line. */
  readonly append?: string;
  /** Default: 1024. */
  readonly memoryMib?: number;
  readonly drives?: readonly Drive[];
  readonly networks?: readonly NetworkCard[];
  /** Paths of archives that are unpacked over the agent's own. */
  readonly archives?: readonly string[];
  /** What the console says, in this order, and what is typed in between. */
  readonly console: readonly ConsoleStep[];
  /** What it never says, besides that the kernel gave up. */
  readonly never?: readonly (string | RegExp)[];
  /** The pipeline's status. */
  readonly status: number;
  /** Seconds; default: 90. */
  readonly timeout?: number;
}

export type ConsoleStep = string | RegExp | { readonly type: string };

const NEVER = ["Kernel panic", "BUG:", "Out of memory"];
const CPUS = 2;
const TRANSCRIPTS = "out/test/boot";

/** How a machine is started whose console is watched. */
export type StartMachine = (options: VmOptions) => Promise<RunningVm>;

/**
 * Runs a case.
 * @throws Error that shows the console's end when something is not as expected
 */
export async function runBootCase(files: BootFiles, test: BootCase): Promise<void> {
  const { memoryMib = 1024, append = "", runs, drives, networks, archives } = test;
  const machine = {
    ...{ memoryMib, cpus: CPUS, append, runs },
    ...(drives ? { drives } : {}),
    ...(networks ? { networks } : {}),
    ...(archives ? { archives } : {}),
  };
  await watchMachine(test, (options) => bootMachine(files, machine, options));
}

/** Starts a machine in whatever way, and holds it to a case's expectations. */
export async function watchMachine(
  test: Pick<BootCase, "name" | "console" | "never" | "status" | "timeout">,
  start: StartMachine,
): Promise<void> {
  const timeoutMs = (test.timeout ?? 90) * 1000;
  const transcriptFile = `${TRANSCRIPTS}/${test.name.replace(/[^a-z0-9]+/gi, "_")}.log`;
  const started = performance.now();
  const console = createConsoleExpect({
    type: (text) => vm.type(text),
    never: [...NEVER, ...(test.never ?? [])],
    transcriptFile,
  });
  await using vm = await start({
    timeoutMs,
    consoleFile: transcriptFile,
    onConsole: (text) => console.push(text),
  });
  void vm.ended.then(() => console.end());
  for (const step of test.console) {
    await takeStep(console, step, timeoutMs - (performance.now() - started));
  }
  const { end } = await vm.ended;
  console.check();
  expect(end, `${renderEnd(end)} (${transcriptFile})`).toEqual({
    kind: "pipeline",
    status: test.status,
  });
}

async function takeStep(
  console: ConsoleExpect,
  step: ConsoleStep,
  limitMs: number,
): Promise<void> {
  if (typeof step === "object" && "type" in step) await console.type(step.type);
  else await console.waitFor(step, limitMs);
}
