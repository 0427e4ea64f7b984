/** Boots a machine from what the builder made. */
import type { BuildResult } from "./build.ts";
import { renderCommandLine } from "./command_line.ts";
import { joinArchives } from "./qemu/join_archives.ts";
import { type Machine, VM_KERNEL_WORDS } from "./qemu/qemu_arguments.ts";
import { type RunningVm, startVm, type VmOptions } from "./qemu/run_vm.ts";

/** A machine but for what it boots, and what it is told. */
export interface BootRequest extends Omit<Machine, "boot"> {
  /** More words for the kernel command line. */
  readonly append?: string;
  /** Paths of archives that are unpacked over the agent's own, in this order. */
  readonly archives?: readonly string[];
  /** Values of `b2c.run`, unquoted. */
  readonly runs: readonly string[];
}

/** The files of a build that a machine boots. */
export type BootFiles = Pick<BuildResult, "kernel" | "initramfs" | "modules">;

/** Starts a machine with kernel and archives; the joined archive goes when it is disposed. */
export async function bootMachine(
  files: BootFiles,
  request: BootRequest,
  options: VmOptions,
): Promise<RunningVm> {
  const { append = "", archives = [], runs, ...machine } = request;
  const commandLine = renderCommandLine([...VM_KERNEL_WORDS, append], runs);
  const initrd = await Deno.makeTempFile({ prefix: "initrd-" });
  try {
    await joinArchives([files.initramfs, files.modules, ...archives], initrd);
    const boot = { kind: "kernel", kernel: files.kernel, initrd, commandLine } as const;
    const vm = await startVm({ ...machine, boot }, options);
    return {
      ...vm,
      async [Symbol.asyncDispose]() {
        await vm[Symbol.asyncDispose]();
        await Deno.remove(initrd);
      },
    };
  } catch (error) {
    await Deno.remove(initrd);
    throw error;
  }
}
