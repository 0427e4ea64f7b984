/** The files that a container's configuration comes from, and those that it gets. */
import type { EnvOption, MountOption } from "../config/container_config.ts";
import { AgentError } from "../errors.ts";
import { parseEnvironmentFile } from "./environment_file.ts";
import type { GeneratedFiles } from "./mounts_config.ts";
import { isPresent, readOptionalText } from "./optional_file.ts";
import { parseSeccompProfile, type SeccompProfile } from "./seccomp_config.ts";

const DEFAULT_SECCOMP_PROFILE = "/usr/share/containers/seccomp.json";

/**
 * Writes files into a bundle folder.
 * @param texts by their path in the container; undefined: the image's own stays
 * @returns where they lie, by their path in the container
 */
export function writeGeneratedFiles(
  bundle: string,
  texts: Readonly<Record<string, string | undefined>>,
): GeneratedFiles {
  const files = new Map<string, string>();
  for (const [target, text] of Object.entries(texts)) {
    if (text === undefined) continue;
    const path = `${bundle}/${target.split("/").at(-1)}`;
    Deno.writeTextFileSync(path, text, { mode: 0o644 });
    files.set(target, path);
  }
  return files;
}

/** @throws AgentError for a bind whose source is not there: podman makes none either */
export function checkBindSources(mounts: readonly MountOption[]): void {
  for (const mount of mounts) {
    if (mount.kind === "bind" && !isPresent(mount.source)) {
      throw new AgentError(`Cannot mount ${mount.source} at ${mount.target}: no such file`, {
        hint: "name a file or folder of the machine, or a volume without a slash",
      });
    }
  }
}

/** Reads the files that `--env-file` names, in order. @throws AgentError */
export function readEnvironmentFiles(paths: readonly string[]): readonly EnvOption[] {
  return paths.flatMap((path) => {
    const text = readOptionalText(path);
    if (text === undefined) throw new AgentError(`Cannot read --env-file ${path}: no such file`);
    return parseEnvironmentFile(text, path);
  });
}

/** Reads a seccomp profile: `default`, or a path. @throws AgentError */
export function readSeccompProfile(name: string): SeccompProfile {
  const path = name === "default" ? DEFAULT_SECCOMP_PROFILE : name;
  const text = readOptionalText(path);
  if (text === undefined) {
    throw new AgentError(`Cannot confine container: no seccomp profile at ${path}`, {
      hint: "use --security-opt seccomp=unconfined to run without",
    });
  }
  return parseSeccompProfile(text, path);
}
