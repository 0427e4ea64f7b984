/** Checks the images' names, which only the registry client understands. */
import type { Config } from "./config/config.ts";
import type { ContainerConfig } from "./config/container_config.ts";
import { AgentError, type Problem } from "./errors.ts";
import { parseReference } from "./oci/reference.ts";

/** The same configuration, its problems completed by those of the image names. */
export function checkImages(config: Config): Config {
  const all = [...config.services, ...config.containers, ...config.postContainers];
  const found = all.map(findProblem).filter((problem) => problem !== undefined);
  return found.length === 0 ? config : { ...config, problems: [...config.problems, ...found] };
}

function findProblem({ directive, image }: ContainerConfig): Problem | undefined {
  try {
    parseReference(image);
    return undefined;
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { directive, text: image, message: error.message, severity: "error", essential: true };
  }
}
