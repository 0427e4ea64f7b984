/** The platform of the machine this runs on. */
import type { Platform } from "./platform.ts";

const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

/** Reads what the CPU is from `/proc/cpuinfo`. */
export async function readMachinePlatform(): Promise<Platform> {
  const architecture = ARCHITECTURES[Deno.build.arch] ?? Deno.build.arch;
  if (architecture !== "amd64") return { os: "linux", architecture };
  return planAmd64(await Deno.readTextFile("/proc/cpuinfo"));
}

/** The x86-64 levels above the first, by the flags that each adds (System V ABI, AMD64, 3.1.1). */
const LEVELS: readonly (readonly string[])[] = [
  ["cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"],
  ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"],
  ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"],
];

/** The level that the text of `/proc/cpuinfo` tells. */
export function planAmd64(cpuinfo: string): Platform {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/));
  const missing = LEVELS.findIndex((level) => !level.every((flag) => flags.has(flag)));
  const level = missing < 0 ? LEVELS.length + 1 : missing + 1;
  return { os: "linux", architecture: "amd64", variant: `v${level}` };
}
