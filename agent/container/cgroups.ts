/** The cgroup v2 tree (the kernel's admin-guide/cgroup-v2.rst). */
import { AgentError } from "../errors.ts";

/** Where containers have their cgroups. */
export interface ContainerCgroup {
  /** From the root of the tree, such as `/b2c`. */
  readonly path: string;
  /** What can be limited there. */
  readonly controllers: readonly string[];
}

/**
 * What options of containers can limit. Each controller that is switched on makes the kernel
 * rewrite its own code, so the others stay off.
 */
const CONTROLLERS: readonly string[] = ["cpu", "io", "memory", "pids"];

/**
 * Makes a cgroup for containers and hands it the controllers that it can use.
 * @param root where the tree is mounted
 * @throws AgentError when no cgroup v2 tree is mounted there
 */
export function createContainerCgroup(root: string, name: string): ContainerCgroup {
  let available: readonly string[];
  try {
    available = readWords(`${root}/cgroup.controllers`)
      .filter((controller) => CONTROLLERS.includes(controller));
  } catch (cause) {
    throw new AgentError(`Cannot use cgroups: no cgroup v2 tree at ${root}`, { cause });
  }
  Deno.mkdirSync(`${root}/${name}`, { recursive: true });
  // From the root down: a group has only what its parent gives.
  for (const group of [root, `${root}/${name}`]) {
    for (const controller of available) enableController(group, controller);
  }
  return { path: `/${name}`, controllers: readWords(`${root}/${name}/cgroup.subtree_control`) };
}

/** One at a time: the kernel refuses a whole list for one of it that is in use elsewhere. */
function enableController(group: string, controller: string): void {
  try {
    Deno.writeTextFileSync(`${group}/cgroup.subtree_control`, `+${controller}`);
  } catch {
    return; // What is missing in the list read back is named to whoever wants to limit it.
  }
}

function readWords(path: string): readonly string[] {
  return Deno.readTextFileSync(path).split(/\s+/).filter((word) => word !== "");
}
