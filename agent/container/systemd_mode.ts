/** What systemd as a container's first process needs (systemd.io, "Container Interface"). */
import type { MountSpec } from "./runtime_spec.ts";

const INIT_PATHS: readonly string[] = ["/sbin/init", "/usr/sbin/init", "/usr/local/sbin/init"];

/** systemd wants these writable and empty at start; the image's content is copied into them. */
export const SYSTEMD_TMPFS: readonly string[] = ["/run", "/run/lock", "/tmp", "/var/log/journal"];

/** It manages its own part of the cgroup tree. */
export const SYSTEMD_CGROUP_MOUNT: MountSpec = {
  destination: "/sys/fs/cgroup",
  type: "cgroup",
  source: "cgroup",
  options: ["private", "rw"],
};

/** True when the container is to be set up for systemd: asked for, or its program is an init. */
export function isSystemdContainer(
  args: readonly string[],
  option: "true" | "false" | "always",
): boolean {
  if (option !== "true") return option === "always";
  const program = args[0] ?? "";
  return INIT_PATHS.includes(program) || program.split("/").at(-1) === "systemd";
}

/** True for a virtual console: a getty of the container would take it from the machine's screen. */
export function isVirtualConsole(path: string): boolean {
  return /^\/dev\/tty\d+$/.test(path);
}
