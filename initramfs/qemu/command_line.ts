/** The kernel command line of a virtual machine. */
import { AgentError } from "../../agent/errors.ts";

/** What the kernel of x86 keeps of its command line (COMMAND_LINE_SIZE), less the final NUL. */
const LIMIT_BYTES = 2047;

/**
 * What every virtual machine gets: its console on the serial port; a kernel that panics ends at
 * once, where otherwise it would wait for a person.
 */
const ALWAYS = "console=ttyS0 panic=-1 quiet";

/**
 * Renders the command line.
 * @param append more text, as it is
 * @param runs values of `b2c.run`, quoted here
 * @throws AgentError when the kernel would cut it
 */
export function renderCommandLine(append: string, runs: readonly string[]): string {
  // b2c.run is last, for the kernel's own parser knows no \" and may lose its way after one.
  const words = [ALWAYS, append, ...runs.map((value) => `b2c.run=${quoteValue(value)}`)];
  const text = words.filter((word) => word !== "").join(" ");
  const size = new TextEncoder().encode(text).length;
  if (size > LIMIT_BYTES) {
    throw new AgentError(`Cannot boot: the command line has ${size} bytes, not ${LIMIT_BYTES}`, {
      hint: "put directives into an archive, as /b2c.d/NAME.args, and add it with --archive",
    });
  }
  return text;
}

/**
 * Quotes a directive's value. Inside, `\"` is a quote and every other backslash is itself.
 * @throws AgentError where the value ends in a backslash, which would take the closing quote
 */
export function quoteValue(value: string): string {
  if (value.endsWith("\\")) {
    throw new AgentError(`Cannot quote ${value}: it ends in a backslash`);
  }
  return `"${value.replaceAll('"', '\\"')}"`;
}
