/** How QEMU runs a guest's instructions: by the processor, or by translation. */

/** `tcg` is QEMU's translator: slower, and works everywhere. */
export type Accelerator = "kvm" | "tcg";

/**
 * Chooses KVM only where the processor's own flag says so, too: there are virtual machines that
 * have a /dev/kvm on which an ordinary kernel hangs.
 * @param cpuinfo the text of /proc/cpuinfo
 */
export function chooseAccelerator(cpuinfo: string, kvmOpens: boolean): Accelerator {
  return kvmOpens && /^flags\s*:.*\b(vmx|svm)\b/m.test(cpuinfo) ? "kvm" : "tcg";
}

/** Looks at this machine. */
export async function readAccelerator(): Promise<Accelerator> {
  return chooseAccelerator(await Deno.readTextFile("/proc/cpuinfo"), await opens("/dev/kvm"));
}

async function opens(path: string): Promise<boolean> {
  try {
    using _file = await Deno.open(path, { read: true, write: true });
    return true;
  } catch {
    // Absent, forbidden, or without a driver behind it: all the same here.
    return false;
  }
}
