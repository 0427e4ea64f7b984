/** Finds out what a container's configuration depends on. */
import { parseCapabilityMask } from "./capabilities.ts";
import type { DeviceNode, MachineFacts } from "./machine_facts.ts";
import { parseHardLimits } from "./rlimits.ts";

/** Folders of /dev that hold no devices of the machine's. */
const SKIPPED: readonly string[] = ["/dev/fd", "/dev/mqueue", "/dev/pts", "/dev/shm"];

/** Reads the facts as they are now: devices come and go. */
export function readMachineFacts(controllers: readonly string[]): MachineFacts {
  const status = Deno.readTextFileSync("/proc/self/status");
  return {
    hostname: Deno.hostname(),
    architecture: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
    kernelRelease: Deno.osRelease(),
    capabilities: parseCapabilityMask(/^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"),
    devices: readDevices("/dev"),
    hardLimits: parseHardLimits(Deno.readTextFileSync("/proc/self/limits")),
    terminalSize: readTerminalSize(),
    environment: Deno.env.toObject(),
    controllers,
  };
}

/** Reads the device nodes below a folder, and the links to them, sorted by path. */
function readDevices(folder: string): readonly DeviceNode[] {
  const nodes: DeviceNode[] = [];
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  for (const name of names) {
    const path = `${folder}/${name}`;
    if (SKIPPED.includes(path)) continue;
    try {
      const own = Deno.lstatSync(path);
      if (own.isDirectory) nodes.push(...readDevices(path));
      else nodes.push(...readDevice(path, own.isSymlink));
    } catch (error) {
      // It went away since the folder was read, or a link leads nowhere.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return nodes;
}

function readDevice(path: string, isLink: boolean): readonly DeviceNode[] {
  const { isBlockDevice, isCharDevice, rdev, mode, uid, gid } = Deno.statSync(path);
  if (!isBlockDevice && !isCharDevice) return [];
  return [{
    path,
    type: isBlockDevice ? "b" : "c",
    ...splitDeviceNumber(BigInt(rdev ?? 0)),
    mode: (mode ?? 0) & 0o7777,
    uid: uid ?? 0,
    gid: gid ?? 0,
    isLink,
  }];
}

/** makedev(3): 12 bits of the major number lie between 8 and 12 bits of the minor one. */
function splitDeviceNumber(device: bigint): { major: number; minor: number } {
  return {
    major: Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)),
    minor: Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n)),
  };
}

/** A serial line says 0 by 0: it does not know. */
function readTerminalSize(): MachineFacts["terminalSize"] {
  if (!Deno.stdin.isTerminal()) return undefined;
  const { rows, columns } = Deno.consoleSize();
  return rows > 0 && columns > 0 ? { rows, columns } : undefined;
}
