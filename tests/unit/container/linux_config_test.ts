import { describe, expect, it } from "vitest";
import { planDevices } from "../../../agent/container/devices_config.ts";
import { planLinux } from "../../../agent/container/linux_config.ts";
import { parseSeccompProfile, renderSeccomp } from "../../../agent/container/seccomp_config.ts";
import { planSysctls } from "../../../agent/container/sysctls.ts";
import type { ContainerOptions } from "../../../agent/config/container_config.ts";
import { DEFAULT_OPTIONS, FACTS, SECCOMP } from "../../support/container_case.ts";

function plan(options: Partial<ContainerOptions>, controllers = FACTS.controllers) {
  return planLinux({
    options: { ...DEFAULT_OPTIONS, ...options },
    facts: { ...FACTS, controllers },
    cgroup: "/b2c/x",
    mounts: [],
    systemd: false,
    capabilities: [],
    seccomp: SECCOMP,
    networkNamespace: options.network?.kind === "container" ? "/proc/7/ns/net" : undefined,
  });
}

describe("planLinux", () => {
  it.each([
    { options: { memory: 1 }, message: "Cannot use --memory: the kernel offers no memory" },
    { options: { cpus: 1 }, message: "Cannot use --cpus: the kernel offers no cpu" },
    { options: { pidsLimit: 9 }, message: "Cannot use --pids-limit: the kernel offers no pids" },
  ])("refuses a limit that would not hold: $message", ({ options, message }) => {
    expect(() => plan(options, [])).toThrow(message);
  });

  it("leaves the default limit out where the kernel has none", () => {
    expect(plan({ privileged: false }, []).resources.pids).toBeUndefined();
  });

  it.each([-1, 0])("takes --pids-limit %s for no limit", (pidsLimit) => {
    expect(plan({ privileged: false, pidsLimit }).resources.pids).toBeUndefined();
  });

  it("joins a network namespace", () => {
    expect(plan({ network: { kind: "container", name: "db" } }).namespaces)
      .toContainEqual({ type: "network", path: "/proc/7/ns/net" });
  });

  it("shows everything and filters nothing when privileged", () => {
    const linux = plan({ seccomp: "/some/profile" });
    expect(linux).not.toHaveProperty("maskedPaths");
    expect(linux).not.toHaveProperty("readonlyPaths");
    expect(linux).not.toHaveProperty("seccomp");
  });
});

describe("planDevices", () => {
  const ask = (source: string, target = source) => ({ source, target, access: "rwm" });

  it("lets a --device take the place of the machine's node", () => {
    const options = { privileged: true, devices: [ask("/dev/null", "/dev/fuse")] };
    const fuse = planDevices(options, false, FACTS.devices).devices
      .filter(({ path }) => path === "/dev/fuse");
    expect(fuse).toHaveLength(1);
    expect(fuse[0]).toMatchObject({ major: 1, minor: 3 });
  });

  it("keeps virtual consoles from systemd", () => {
    const paths = (systemd: boolean) =>
      planDevices({ privileged: true, devices: [] }, systemd, FACTS.devices).devices
        .map(({ path }) => path);
    expect(paths(false)).toContain("/dev/tty1");
    expect(paths(true)).not.toContain("/dev/tty1");
    expect(paths(true)).toContain("/dev/ttyS0");
  });

  it("refuses what is no device", () => {
    const options = { privileged: false, devices: [ask("/dev/nothing")] };
    expect(() => planDevices(options, false, FACTS.devices)).toThrow("--device /dev/nothing");
  });
});

describe("planSysctls", () => {
  const plan = (name: string, options: Partial<ContainerOptions> = {}) =>
    planSysctls({
      ...DEFAULT_OPTIONS,
      network: { kind: "none" },
      ...options,
      sysctls: { [name]: "1" },
    });

  it.each(["net.ipv4.ip_forward", "kernel.shmmax", "fs.mqueue.msg_max", "kernel.domainname"])(
    "allows %s",
    (name) => {
      expect(plan(name)[name]).toBe("1");
    },
  );

  it.each([
    { name: "net.ipv4.ip_forward", options: { network: { kind: "host" } } },
    { name: "kernel.shmmax", options: { ipc: "host" } },
    { name: "kernel.domainname", options: { uts: "host" } },
    { name: "vm.swappiness", options: {} },
    { name: "kernel.core_pattern", options: {} },
  ] as { name: string; options: Partial<ContainerOptions> }[])(
    "refuses $name where it is the machine's",
    ({ name, options }) => {
      expect(() => plan(name, options)).toThrow(`sysctl ${name}`);
    },
  );
});

describe("renderSeccomp", () => {
  const names = (facts: Partial<Parameters<typeof renderSeccomp>[1]>) =>
    renderSeccomp(SECCOMP, {
      architecture: "amd64",
      kernelRelease: "6.12.48",
      capabilities: [],
      ...facts,
    }).syscalls.flatMap((rule) => rule.names);

  it("resolves architectures", () => {
    expect(names({ architecture: "amd64" })).toContain("arch_prctl");
    expect(names({ architecture: "arm64" })).not.toContain("arch_prctl");
    expect(names({ architecture: "arm64" })).toContain("sync_file_range2");
  });

  it("resolves capabilities", () => {
    expect(names({ capabilities: ["CAP_SYS_ADMIN"] })).toContain("mount");
    expect(names({ capabilities: ["CAP_BPF"] })).not.toContain("bpf");
    expect(names({})).not.toContain("mount");
  });

  it("resolves kernel versions as numbers", () => {
    expect(names({ kernelRelease: "4.7.0" })).not.toContain("ptrace");
    expect(names({ kernelRelease: "4.10.0-rc1" })).toContain("ptrace");
  });

  it.each([
    { text: "{", message: "it is not JSON" },
    { text: "null", message: "no list of rules" },
    { text: '{"syscalls":[]}', message: "no list of rules" },
    { text: '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{}]}', message: "no list of rules" },
  ])("refuses $text", ({ text, message }) => {
    expect(() => parseSeccompProfile(text, "/p")).toThrow(message);
  });

  it("takes a profile without an architecture map", () => {
    const profile = parseSeccompProfile('{"defaultAction":"SCMP_ACT_ALLOW"}', "/p");
    expect(renderSeccomp(profile, FACTS)).toEqual({
      defaultAction: "SCMP_ACT_ALLOW",
      architectures: ["SCMP_ARCH_X86_64"],
      syscalls: [],
    });
  });
});
