/** What a container runs. */
import { AgentError } from "../errors.ts";

export interface ArgumentSources {
  /** The image's `Entrypoint` and `Cmd` (image-spec, config.md). */
  readonly imageEntrypoint: readonly string[];
  readonly imageCommand: readonly string[];
  /** `--entrypoint`; undefined: not given; `[]`: none. */
  readonly entrypoint: readonly string[] | undefined;
  /** The words after the image. */
  readonly command: readonly string[];
}

/**
 * Chooses the argument vector: the entrypoint, then the command. Words after the image replace the
 * image's Cmd; an entrypoint of the user's drops it, since it was written for the image's own.
 * @throws AgentError when nothing is left to run
 */
export function chooseArguments(sources: ArgumentSources): readonly string[] {
  const { imageEntrypoint, imageCommand, entrypoint, command } = sources;
  const args = entrypoint === undefined
    ? [...imageEntrypoint, ...(command.length > 0 ? command : imageCommand)]
    : [...entrypoint, ...command];
  if (args.length === 0) {
    throw new AgentError("Cannot run container: the image names no command, and none was given", {
      hint: "write the command after the image",
    });
  }
  return args;
}
