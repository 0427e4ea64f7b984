/** The filesystems of the kernel's own that every Linux container has (runtime-spec, config-linux.md). */
import { assertNever } from "../errors.ts";
import type { ContainerOptions } from "../config/container_config.ts";
import type { MountSpec } from "./runtime_spec.ts";
import { SYSTEMD_CGROUP_MOUNT } from "./systemd_mode.ts";

const HARDENED = ["nosuid", "noexec", "nodev"];

/** Plans /proc, /sys, /dev and what lies in them, as podman does. */
export function planPseudoFilesystems(
  options: ContainerOptions,
  systemd: boolean,
): readonly MountSpec[] {
  const access = options.privileged ? "rw" : "ro";
  return [
    { destination: "/proc", type: "proc", source: "proc", options: HARDENED },
    {
      destination: "/dev",
      type: "tmpfs",
      source: "tmpfs",
      options: ["nosuid", "strictatime", "mode=755", "size=65536k"],
    },
    { destination: "/sys", type: "sysfs", source: "sysfs", options: [...HARDENED, access] },
    {
      destination: "/dev/pts",
      type: "devpts",
      source: "devpts",
      options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
    },
    { destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: HARDENED },
    ...planSharedMemory(options),
    systemd ? SYSTEMD_CGROUP_MOUNT : {
      destination: "/sys/fs/cgroup",
      type: "cgroup",
      source: "cgroup",
      options: ["rprivate", ...HARDENED, "relatime", access],
    },
  ];
}

function planSharedMemory(options: ContainerOptions): readonly MountSpec[] {
  const destination = "/dev/shm";
  switch (options.ipc) {
    case "none":
      return [];
    case "host":
      return [{
        destination,
        type: "bind",
        source: destination,
        options: ["bind", "rprivate", ...HARDENED],
      }];
    case "private":
    case "shareable":
      return [{
        destination,
        type: "tmpfs",
        source: "shm",
        options: [...HARDENED, "mode=1777", `size=${options.shmSize}`],
      }];
    default:
      return assertNever(options.ipc);
  }
}
