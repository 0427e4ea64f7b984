/** `deno task ipxe`: writes the boot script for a boot server. */
import { describe } from "../agent/errors.ts";
import { printConsole, say } from "../initramfs/say.ts";
import { renderBootScript } from "./boot_script.ts";
import { parseRenderOptions, RENDER_USAGE } from "./render_options.ts";

/** @returns the exit status */
export function render(argv: readonly string[]): number {
  try {
    const script = parseRenderOptions(argv);
    const text = script ? renderBootScript(script) : `${RENDER_USAGE}\n`;
    printConsole(text);
    return 0;
  } catch (error) {
    say(describe(error));
    return 2;
  }
}

if (import.meta.main) Deno.exit(render(Deno.args));
