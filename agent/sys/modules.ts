/** Kernel modules for the devices that are there. */
import type { Logger } from "../log.ts";
import type { System } from "./system.ts";

/** Loading a bus driver makes devices appear that name modules of their own; it ends some time. */
const MAX_ROUNDS = 5;

/** Network cards, and what a hypervisor offers: the network is what a boot waits for. */
const URGENT = /^virtio:|^pci:.*bc02/;

/** Loads the modules of the devices that bring the network. */
export async function loadNetworkModules(sys: System): Promise<void> {
  const urgent = readModaliases("/sys").filter((alias) => URGENT.test(alias));
  if (urgent.length > 0) await loadModules(sys, urgent);
}

/**
 * Loads the modules that the devices of this machine name, until no new device appears.
 * @param also module names to load in the first round, such as `overlay`
 * @returns how many kinds of devices there are
 */
export async function loadDeviceModules(sys: System, also: readonly string[]): Promise<number> {
  const seen = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const fresh = readModaliases("/sys").filter((alias) => !seen.has(alias));
    for (const alias of fresh) seen.add(alias);
    const wanted = round === 0 ? [...also, ...fresh] : fresh;
    if (wanted.length === 0) break;
    await loadModules(sys, wanted);
  }
  return seen.size;
}

/** Says so when the archives hold no modules for the kernel that runs: little will work then. */
export function checkModules(log: Logger): void {
  const folder = `/lib/modules/${Deno.osRelease()}`;
  try {
    Deno.statSync(`${folder}/modules.dep`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    log.warn(
      `no modules for this kernel in ${folder}: is the archive that belongs to it there, ` +
        "and is there memory to unpack it?",
    );
  }
}

/** One modprobe for all: starting it costs more than what it does. Names with no module are fine. */
async function loadModules(sys: System, names: readonly string[]): Promise<void> {
  await using modprobe = sys.spawn.start(["/bin/busybox", "modprobe", "-a", "-q", "--", ...names]);
  await modprobe.status;
}

/** The distinct modaliases of all devices on all buses below a sysfs. */
export function readModaliases(sysfs: string): readonly string[] {
  const aliases = new Set<string>();
  for (const bus of readNames(`${sysfs}/bus`)) {
    for (const device of readNames(`${sysfs}/bus/${bus}/devices`)) {
      const alias = readOptional(`${sysfs}/bus/${bus}/devices/${device}/modalias`);
      if (alias) aliases.add(alias);
    }
  }
  return [...aliases].sort();
}

function readNames(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)].map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function readOptional(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trim();
  } catch {
    return undefined; // Most devices have none; some answer EIO while they come and go.
  }
}
