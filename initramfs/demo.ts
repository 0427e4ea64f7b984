/** `deno task demo`: boots a virtual machine into a container whose image a registry here serves. */
import { describe } from "../agent/errors.ts";
import { bootMachine } from "./boot_machine.ts";
import { type BootTimeline, type Phase, renderPhases, watchTimeline } from "./boot_timeline.ts";
import { build } from "./build.ts";
import { busyboxImage } from "./host/busybox_image.ts";
import { pushImage } from "./host/images.ts";
import { ensureHostPackages, IMAGE_PACKAGES, VM_PACKAGES } from "./host/packages.ts";
import { type RunningRegistry, startRegistry } from "./host/registry.ts";
import { exitStatusOf, renderEnd } from "./qemu/machine_end.ts";
import type { VmResult } from "./qemu/run_vm.ts";
import { stopOnSignals } from "./qemu/stop_on_signals.ts";
import { printConsole, say } from "./say.ts";

const MACHINE = { memoryMib: 1024, cpus: 2 } as const;
const IMAGE = "demo:latest";
const TIMEOUT_MS = 180_000;

if (import.meta.main) Deno.exit(await runDemo());

/** @returns the exit status: the pipeline's, 2 when it did not get that far */
export async function runDemo(): Promise<number> {
  try {
    return await demo();
  } catch (error) {
    say(describe(error));
    return 2;
  }
}

async function demo(): Promise<number> {
  const phases: Phase[] = [];
  const timed = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await run();
    phases.push({ name, seconds: (performance.now() - started) / 1000 });
    return result;
  };
  await timed("packages", () => ensureHostPackages([...VM_PACKAGES, ...IMAGE_PACKAGES]));
  const files = await timed("build", () => build({ log: say }));
  const image = await timed("image", () => busyboxImage("out/images"));
  await using registry = await timed("registry", () => startRegistry());
  await timed("push", () => pushImage(image, registry, IMAGE));

  const watch = watchTimeline();
  const started = performance.now();
  await using vm = await bootMachine(files, { ...MACHINE, runs: [renderRun(registry)] }, {
    timeoutMs: TIMEOUT_MS,
    consoleFile: "out/demo.log",
    onConsole: (text) => {
      watch.push(text, performance.now() - started);
      printConsole(text);
    },
  });
  using _signals = stopOnSignals(vm);
  const result = await vm.ended;
  printReport(phases, watch.timeline(), result);
  return exitStatusOf(result.end);
}

function renderRun(registry: RunningRegistry): string {
  return `--tls-verify=false docker://10.0.2.2:${registry.port}/${IMAGE}`;
}

function printReport(before: readonly Phase[], boot: BootTimeline, { end, ms }: VmResult): void {
  const { agentStart, firstOutput, steps } = boot;
  const phases = [
    ...before,
    ...(agentStart === undefined ? [] : [{ name: "kernel", seconds: agentStart / 1000 }]),
    ...steps,
    { name: "machine, all in all", seconds: ms / 1000 },
  ];
  printConsole(`\n${renderPhases(phases)}\n\n`);
  if (agentStart !== undefined && firstOutput !== undefined) {
    const seconds = ((firstOutput - agentStart) / 1000).toFixed(2);
    printConsole(`agent's first line -> container's first output: ${seconds} s\n`);
  }
  printConsole(
    end.kind === "pipeline" ? `pipeline status: ${end.status}\n` : `${renderEnd(end)}\n`,
  );
}
