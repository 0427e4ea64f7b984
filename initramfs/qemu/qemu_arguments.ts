/** QEMU's arguments for a machine. */
import { assertNever } from "../../agent/errors.ts";
import type { Accelerator } from "./accelerator.ts";

/** A machine to boot. */
export interface Machine {
  readonly memoryMib: number;
  readonly cpus: number;
  readonly boot: MachineBoot;
  readonly drives?: readonly Drive[];
  /** Default: one card. */
  readonly networks?: readonly NetworkCard[];
  /** More arguments, as they are. */
  readonly extra?: readonly string[];
}

export type MachineBoot =
  /** QEMU loads the kernel. Paths of files. */
  | {
    readonly kind: "kernel";
    readonly kernel: string;
    readonly initrd: string;
    readonly commandLine: string;
  }
  /** The network card's own iPXE loads `bootFile` from `folder` by TFTP. */
  | { readonly kind: "network"; readonly folder: string; readonly bootFile: string };

/** A disk. */
export interface Drive {
  readonly file: string;
  /** Default: `raw`. */
  readonly format?: "raw" | "qcow2";
  /** Default: `virtio`. */
  readonly bus?: "virtio" | "nvme";
  readonly serial?: string;
}

/** A card on a network of its own that QEMU plays; the host's loopback is there as 10.0.2.2. */
export interface NetworkCard {
  readonly mac?: string;
  /** Nothing outside is to be reached, nor the host. */
  readonly restricted?: boolean;
  /** Connections to ports of the host's loopback that go to ports of the guest. */
  readonly forwards?: readonly { readonly hostPort: number; readonly guestPort: number }[];
}

/** The program and its arguments; the console is on its stdin and stdout. */
export function renderQemuArguments(machine: Machine, accelerator: Accelerator): readonly string[] {
  const cards = machine.networks ?? [{}];
  return [
    "qemu-system-x86_64",
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    ...renderAccelerator(accelerator),
    ...["-m", `${machine.memoryMib}`, "-smp", `${machine.cpus}`],
    ...["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"],
    ...renderBoot(machine.boot),
    ...(machine.drives ?? []).flatMap(renderDrive),
    ...cards.flatMap((card, index) => renderNetworkCard(card, index, machine.boot)),
    ...(machine.extra ?? []),
  ];
}

function renderAccelerator(accelerator: Accelerator): readonly string[] {
  switch (accelerator) {
    case "kvm":
      return ["-accel", "kvm", "-cpu", "host"];
    case "tcg":
      return ["-accel", "tcg,thread=multi", "-cpu", "max"];
    default:
      return assertNever(accelerator);
  }
}

function renderBoot(boot: MachineBoot): readonly string[] {
  switch (boot.kind) {
    case "kernel":
      return [
        ...["-machine", "q35", "-kernel", boot.kernel, "-initrd", boot.initrd],
        ...["-append", boot.commandLine],
      ];
    case "network":
      // graphics=off: the firmware speaks on the serial port, and iPXE through it.
      return ["-machine", "q35,graphics=off", "-boot", "order=n"];
    default:
      return assertNever(boot);
  }
}

function renderDrive(drive: Drive, index: number): readonly string[] {
  const { format = "raw", bus = "virtio", serial = `drive${index}` } = drive;
  const device = bus === "nvme" ? "nvme" : "virtio-blk-pci";
  return [
    ...["-drive", `if=none,id=drive${index},file=${escapeValue(drive.file)},format=${format}`],
    ...["-device", `${device},drive=drive${index},serial=${escapeValue(serial)}`],
  ];
}

function renderNetworkCard(
  card: NetworkCard,
  index: number,
  boot: MachineBoot,
): readonly string[] {
  const network = [
    `user,id=net${index}`,
    ...(card.restricted ? ["restrict=on"] : []),
    ...(card.forwards ?? []).map(({ hostPort, guestPort }) =>
      `hostfwd=tcp:127.0.0.1:${hostPort}-:${guestPort}`
    ),
    ...(boot.kind === "network"
      ? [`tftp=${escapeValue(boot.folder)}`, `bootfile=${escapeValue(boot.bootFile)}`]
      : []),
  ];
  const device = [
    `virtio-net-pci,netdev=net${index}`,
    ...(card.mac ? [`mac=${card.mac}`] : []),
    // A boot ROM that is not there takes no time.
    ...(boot.kind === "kernel" ? ["romfile="] : []),
  ];
  return ["-netdev", network.join(","), "-device", device.join(",")];
}

/** A comma inside a value is written twice (qemu(1), "-drive"). */
function escapeValue(text: string): string {
  return text.replaceAll(",", ",,");
}

/**
 * What the kernel of a virtual machine is told: its console is the serial port, and one that panics
 * ends at once, where otherwise it would wait for a person.
 */
export const VM_KERNEL_WORDS = ["console=ttyS0", "panic=-1", "quiet"] as const;
