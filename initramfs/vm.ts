/** `deno task vm`: boots a machine with its console on this terminal. */
import { resolve } from "node:path";
import { describe } from "../agent/errors.ts";
import { bootMachine } from "./boot_machine.ts";
import { build } from "./build.ts";
import { ensureHostPackages, VM_PACKAGES } from "./host/packages.ts";
import { attachTerminal } from "./qemu/attach_terminal.ts";
import { exitStatusOf, renderEnd } from "./qemu/machine_end.ts";
import type { Drive } from "./qemu/qemu_arguments.ts";
import { stopOnSignals } from "./qemu/stop_on_signals.ts";
import { printConsole, say } from "./say.ts";
import { parseVmOptions, VM_USAGE, type VmRequest } from "./vm_options.ts";

const CONSOLE_FILE = "out/console.log";
/** sysexits(3): the command was used wrongly, or could not be carried out. */
const FAILED = 2;

if (import.meta.main) Deno.exit(await runVm(Deno.args));

/** @returns the exit status */
export async function runVm(argv: readonly string[]): Promise<number> {
  try {
    const request = parseVmOptions(argv);
    if (request) return await boot(request);
    say(VM_USAGE);
    return 0;
  } catch (error) {
    say(describe(error));
    return FAILED;
  }
}

async function boot(request: VmRequest): Promise<number> {
  await ensureHostPackages(VM_PACKAGES);
  const files = await build({ log: say });
  const machine = {
    ...request,
    archives: request.archives.map(resolveFile),
    drives: request.drives.map(resolveFile).map(describeDrive),
  };
  await using vm = await bootMachine(files, machine, {
    timeoutMs: request.timeoutMs,
    consoleFile: CONSOLE_FILE,
    onConsole: printConsole,
  });
  using _signals = stopOnSignals(vm);
  await using _terminal = attachTerminal(vm);
  const { end } = await vm.ended;
  if (end.kind !== "pipeline") say(renderEnd(end));
  return exitStatusOf(end);
}

/** `deno task` runs its commands in the project's folder, and keeps the one it was called in. */
function resolveFile(path: string): string {
  return resolve(Deno.env.get("INIT_CWD") ?? ".", path);
}

function describeDrive(file: string): Drive {
  return { file, format: file.endsWith(".qcow2") ? "qcow2" : "raw" };
}
