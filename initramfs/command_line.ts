/** The kernel command line, written as the agent reads it. */
import { AgentError } from "../agent/errors.ts";

/** What the kernel of x86 keeps of its command line (COMMAND_LINE_SIZE), less the final NUL. */
const LIMIT_BYTES = 2047;

/**
 * Renders the command line.
 * @param words texts as they are; empty ones are left out
 * @param runs values of `b2c.run`, quoted here
 * @throws AgentError when the kernel would cut it
 */
export function renderCommandLine(words: readonly string[], runs: readonly string[]): string {
  // b2c.run is last, for the kernel's own parser knows no \" and may lose its way after one.
  const all = [...words, ...runs.map((value) => `b2c.run=${quoteValue(value)}`)];
  const text = all.filter((word) => word !== "").join(" ");
  const size = new TextEncoder().encode(text).length;
  if (size > LIMIT_BYTES) {
    throw new AgentError(`Cannot boot: the command line has ${size} bytes, not ${LIMIT_BYTES}`, {
      hint: "put directives into a file /b2c.d/NAME.args of an archive",
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
