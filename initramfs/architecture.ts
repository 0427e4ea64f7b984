/** What differs between the processor architectures that an initramfs can be built for. */
import { AgentError } from "../agent/errors.ts";

/** Debian's names. */
export type ArchitectureName = "amd64" | "arm64";

export interface Architecture {
  readonly name: ArchitectureName;
  /** What `deno compile --target` calls it. */
  readonly denoTarget: string;
  /** `e_machine` of its programs (elf.h). */
  readonly elfMachine: number;
  readonly denort: DenortPin;
}

/** The runtime that `deno compile` appends the agent to: one file for each version of Deno. */
export interface DenortPin {
  readonly denoVersion: string;
  readonly size: number;
  readonly sha256: string;
  /** An npm package whose program was made by `deno compile` of that version: it starts with it. */
  readonly npmPackage: string;
}

export const ARCHITECTURES: Readonly<Record<ArchitectureName, Architecture>> = {
  amd64: {
    name: "amd64",
    denoTarget: "x86_64-unknown-linux-gnu",
    elfMachine: 62,
    denort: {
      denoVersion: "2.7.11",
      size: 97_076_048,
      sha256: "f12d5d3886d5ea138304fb8d67d7396cfbedf53656676132152cb89f3fa4d8e6",
      npmPackage: "@stdy/cli-linux-x64@0.22.2",
    },
  },
  arm64: {
    name: "arm64",
    denoTarget: "aarch64-unknown-linux-gnu",
    elfMachine: 183,
    denort: {
      denoVersion: "2.7.11",
      size: 90_596_104,
      sha256: "9c888d915647ff971a497acd39ee45ea63da5f19d12d4363124942c257c055ef",
      npmPackage: "@stdy/cli-linux-arm64@0.22.2",
    },
  },
};

/**
 * The architecture of this machine, from Deno's name of it.
 * @throws AgentError when it is none that can be built on
 */
export function chooseArchitecture(denoArch: string): Architecture {
  switch (denoArch) {
    case "x86_64":
      return ARCHITECTURES.amd64;
    case "aarch64":
      return ARCHITECTURES.arm64;
    default:
      throw new AgentError(`Cannot build on ${denoArch}: only x86_64 and aarch64 are known`);
  }
}
