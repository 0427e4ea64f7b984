/** The terminal of the person at the keyboard, as the console of a machine. */
import type { RunningVm } from "./run_vm.ts";

/** Ctrl-], as other serial console programs have it; Ctrl-C belongs to the machine. */
export const ESCAPE_KEY = "\x1d";

/**
 * Sends what is typed to the machine, key by key, until disposed; Ctrl-] stops the machine.
 * Input that is not from a terminal is sent as it is, to its end.
 */
export function attachTerminal(vm: Pick<RunningVm, "type" | "stop">): AsyncDisposable {
  const isTerminal = Deno.stdin.isTerminal();
  if (isTerminal) Deno.stdin.setRaw(true);
  const reader = Deno.stdin.readable.getReader();
  const pump = async () => {
    const decoder = new TextDecoder();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const text = decoder.decode(read.value, { stream: true });
      if (isTerminal && text.includes(ESCAPE_KEY)) return vm.stop();
      await vm.type(text);
    }
  };
  const pumping = pump();
  return {
    async [Symbol.asyncDispose]() {
      await reader.cancel();
      await pumping;
      if (isTerminal) Deno.stdin.setRaw(false);
    },
  };
}
