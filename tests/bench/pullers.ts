/** The programs that pull an image, and how each is told to. */
import { describe } from "../../agent/errors.ts";
import { compileAgent, readAgentSources } from "../../initramfs/build/compile.ts";
import { openDenort } from "../../initramfs/build/denort.ts";
import { lockFolder } from "../../initramfs/build/folder_lock.ts";
import { readOptions } from "../../initramfs/build/options.ts";
import { say } from "../../initramfs/say.ts";

/** From a registry to files in a folder. */
export interface Puller {
  readonly name: string;
  /**
   * The commands to run, one after the other.
   * @param reference `HOST:PORT/PATH:TAG`, by plain http
   * @param folder empty, for whatever is made
   */
  plan(reference: string, folder: string): readonly (readonly string[])[];
}

/**
 * The program as it is compiled into the archive; as a script where it cannot be compiled.
 * @param copy where a copy is put: a build that goes on meanwhile replaces what it made before
 */
export async function openAgentPuller(copy: string): Promise<Puller> {
  const program = await openAgent(copy);
  return {
    name: "agent pull",
    plan: (reference, folder) => [
      [...program, "pull", "--tls-verify=false", reference, `${folder}/store`],
    ],
  };
}

export const SKOPEO_UMOCI: Puller = {
  name: "skopeo + umoci",
  plan: (reference, folder) => [
    ["skopeo", "copy", "-q", "--src-tls-verify=false"]
      .concat(`docker://${reference}`, `oci:${folder}/layout:latest`),
    ["umoci", "unpack", "--image", `${folder}/layout:latest`, `${folder}/bundle`],
  ],
};

async function openAgent(copy: string): Promise<readonly string[]> {
  const { architecture, cacheDir, sourceDir } = readOptions({});
  try {
    using _lock = await lockFolder(cacheDir, () => say("waiting for a build"));
    const denort = await openDenort(architecture, cacheDir);
    const sources = await readAgentSources(sourceDir);
    await Deno.copyFile(await compileAgent(sources, denort, architecture, cacheDir), copy);
    return [copy];
  } catch (error) {
    say(`${describe(error)}\nThe agent runs as a script: it starts later and needs more memory.`);
    return [Deno.execPath(), "run", "-A", `${sourceDir}/agent/main.ts`];
  }
}
