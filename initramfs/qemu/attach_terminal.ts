/** The terminal of the person at the keyboard, as the console of a machine. */
import { type ParsedKeys, parseKeys } from "./parse_keys.ts";
import type { RunningVm } from "./run_vm.ts";

/**
 * Sends what is typed to the machine, key by key, until disposed: Ctrl-C, too, belongs to the
 * machine, and Ctrl-A X stops it. Input that is not from a terminal is sent as it is, to its end.
 */
export function attachTerminal(vm: Pick<RunningVm, "type" | "stop">): AsyncDisposable {
  const isTerminal = Deno.stdin.isTerminal();
  if (isTerminal) Deno.stdin.setRaw(true);
  const reader = Deno.stdin.readable.getReader();
  const pump = async () => {
    const decoder = new TextDecoder();
    let pending = false;
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const typed = decoder.decode(read.value, { stream: true });
      const keys: ParsedKeys = isTerminal
        ? parseKeys(typed, pending)
        : { text: typed, stop: false, pending: false };
      pending = keys.pending;
      if (keys.text !== "") await vm.type(keys.text);
      if (keys.stop) return vm.stop();
    }
  };
  const pumping = pump();
  return {
    async [Symbol.asyncDispose]() {
      // First the mode: what is typed next is for the shell.
      if (isTerminal) Deno.stdin.setRaw(false);
      await reader.cancel();
      await pumping;
    },
  };
}
