/** The files that `--env-file` names. */
import type { EnvOption } from "../config/container_config.ts";
import { AgentError } from "../errors.ts";

/**
 * Parses an environment file as podman reads it: `NAME=value` or `NAME` a line, taken literally;
 * blank lines and lines that start with `#` are left out.
 * @throws AgentError with the line's number for a line without a name
 */
export function parseEnvironmentFile(text: string, path: string): readonly EnvOption[] {
  const options: EnvOption[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replace(/\r$/, "").trimStart();
    if (line === "" || line.startsWith("#")) continue;
    const at = line.indexOf("=");
    const name = at < 0 ? line.trimEnd() : line.slice(0, at);
    if (name === "" || /\s/.test(name)) {
      throw new AgentError(`Cannot read ${path}: line ${index + 1} has no variable name`);
    }
    options.push({ name, value: at < 0 ? null : line.slice(at + 1) });
  }
  return options;
}
