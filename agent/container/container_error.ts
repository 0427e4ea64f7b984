/** A container that could not run, as opposed to one that ran and failed. */
import { AgentError, type ErrorHintOptions } from "../errors.ts";

/** podman-run(1), "Exit Status": the container could not be made. */
export const CANNOT_CREATE = 125;
/** Its command is there but cannot be run. */
export const CANNOT_INVOKE = 126;
/** Its command is not there. */
export const COMMAND_NOT_FOUND = 127;

/** A container did not run. `status` is what podman would exit with. */
export class ContainerError extends AgentError {
  override name = "ContainerError";
  constructor(readonly status: number, message: string, options: ErrorHintOptions = {}) {
    super(message, options);
  }
}

/** Renders what the runtime wrote to its log as an error, with podman's exit status for it. */
export function renderRuntimeError(log: string): ContainerError {
  const text = log.trim().split("\n").at(-1) ?? "";
  const isMissing = /^(?:executable file|cannot find) `(.*)`/.exec(text);
  if (isMissing) {
    return new ContainerError(
      COMMAND_NOT_FOUND,
      `Cannot run ${isMissing[1] || "an empty command"}: not found in the image`,
    );
  }
  if (/^(?:the path `|cannot open `|open executable: Permission denied)/.test(text)) {
    return new ContainerError(CANNOT_INVOKE, `Cannot run the container's command: ${text}`);
  }
  return new ContainerError(CANNOT_CREATE, `Cannot start container: ${text || "no reason given"}`);
}
