/** A machine does not outlive the command that runs it. */
import type { RunningVm } from "./run_vm.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Stops the machine when this process is told to end; until disposed. */
export function stopOnSignals(vm: Pick<RunningVm, "stop">): Disposable {
  const stop = () => vm.stop();
  for (const signal of SIGNALS) Deno.addSignalListener(signal, stop);
  return {
    [Symbol.dispose]() {
      for (const signal of SIGNALS) Deno.removeSignalListener(signal, stop);
    },
  };
}
