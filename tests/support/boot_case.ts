/** A boot test as data, and how it is run: real kernel, real archives, in QEMU. */
import { expect } from "vitest";
import { bootMachine } from "../../initramfs/boot_machine.ts";
import type { Drive, NetworkCard } from "../../initramfs/qemu/qemu_arguments.ts";
import { renderEnd } from "../../initramfs/qemu/machine_end.ts";
import type { RunningVm, VmOptions } from "../../initramfs/qemu/run_vm.ts";
import { type BootContext, REGISTRY } from "./boot_context.ts";
import { type ConsoleExpect, createConsoleExpect } from "./console_expect.ts";
import { writeArchive } from "./write_archive.ts";

/** One boot and what is expected of it. */
export interface BootCase {
  readonly name: string;
  /** Values of `b2c.run`, unquoted. `REGISTRY` stands for the address of the registry. */
  readonly runs: readonly string[];
  /** More words for the kernel command line. */
  readonly append?: string;
  /** Default: 1024. */
  readonly memoryMib?: number;
  readonly drives?: readonly Drive[];
  readonly networks?: readonly NetworkCard[];
  /** Files that lie over those of the archives, by their paths without a slash in front. */
  readonly overlay?: Readonly<Record<string, string>>;
  /** What the console says, in this order, and what is typed or done in between. */
  readonly console: readonly ConsoleStep[];
  /** What it never says, besides that the kernel gave up. */
  readonly never?: readonly (string | RegExp)[];
  /** The pipeline's status. */
  readonly status: number;
  /** Seconds; default: 180, thirty times what an idle machine takes. */
  readonly timeout?: number;
}

export type ConsoleStep =
  | string
  | RegExp
  | { readonly type: string }
  /** Something to do on the host; a failure is the case's. */
  | { readonly act: () => Promise<void> };

const NEVER = ["Kernel panic", "BUG:", "Out of memory"];
const CPUS = 2;
const TRANSCRIPTS = "out/test/boot";

/** How a machine is started whose console is watched. */
export type StartMachine = (options: VmOptions) => Promise<RunningVm>;

/**
 * Runs a case.
 * @throws Error that shows the console's end when something is not as expected
 */
export async function runBootCase(context: BootContext, test: BootCase): Promise<void> {
  const address = `10.0.2.2:${context.registry.port}`;
  const fill = (text: string) => text.replaceAll(REGISTRY, address);
  const archives: string[] = [];
  if (test.overlay) {
    archives.push(`${context.folder}/overlay.cpio`);
    const texts = Object.entries(test.overlay).map(([path, text]) => [path, fill(text)]);
    await writeArchive(archives[0]!, Object.fromEntries(texts));
  }
  const machine = {
    memoryMib: test.memoryMib ?? 1024,
    cpus: CPUS,
    append: fill(test.append ?? ""),
    runs: test.runs.map(fill),
    archives,
    drives: test.drives ?? [],
    networks: test.networks ?? [{}],
  };
  const steps = test.console.map((step) => typeof step === "string" ? fill(step) : step);
  await watchMachine(
    { ...test, console: steps },
    (options) => bootMachine(context.files, machine, options),
  );
}

/**
 * Starts a machine in whatever way, and holds it to a case's expectations. A machine that died of
 * the emulator is started once more: with several emulated processors, one may run code that the
 * kernel is rewriting, and meet its breakpoint (text_poke) when nobody knows of it any more.
 */
export async function watchMachine(test: WatchedCase, start: StartMachine): Promise<void> {
  try {
    await watchOnce(test, start);
  } catch (error) {
    const transcript = await Deno.readTextFile(transcriptFileOf(test.name));
    if (!transcript.includes(EMULATOR_FAULT)) throw error;
    await watchOnce(test, start);
  }
}

type WatchedCase = Pick<BootCase, "name" | "console" | "never" | "status" | "timeout">;

const EMULATOR_FAULT = "Oops: int3";

function transcriptFileOf(name: string): string {
  return `${TRANSCRIPTS}/${name.replace(/[^a-z0-9]+/gi, "_")}.log`;
}

async function watchOnce(
  test: WatchedCase,
  start: StartMachine,
): Promise<void> {
  const timeoutMs = (test.timeout ?? 180) * 1000;
  const transcriptFile = transcriptFileOf(test.name);
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
  else if (typeof step === "object" && "act" in step) await step.act();
  else await console.waitFor(step, limitMs);
}
