/** What a container that is not privileged cannot do. Root. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContainerRuns, openContainerRuns } from "../support/container_runs.ts";

let runs: ContainerRuns;
beforeAll(async () => {
  runs = await openContainerRuns();
});
afterAll(async () => await runs[Symbol.asyncDispose]());

describe("a container that is not privileged", () => {
  // Each of these works in a privileged container: what stops it is what is tested.
  it.each([
    { about: "mount", script: "mount -t tmpfs none /bin" },
    { about: "make devices", script: "mknod /x b 254 0" },
    { about: "read what is masked", script: "grep -q . /proc/timer_list" },
    { about: "steer the kernel", script: "echo box > /proc/sys/kernel/hostname" },
    { about: "make cgroups", script: "mkdir /sys/fs/cgroup/x" },
    { about: "read the kernel's log", script: "dmesg" },
    { about: "see the machine's devices", script: "ls /dev | grep -qE '^(vd|sd|loop|mem|kmsg)'" },
    { about: "restart the machine", script: "reboot -f", privileged: 129 },
  ])("cannot $about", async ({ script, privileged = 0 }) => {
    const tell = `${script} >/dev/null 2>&1 || exit 77`;
    const confined = await runs.runScript(
      tell,
      { privileged: false, network: { kind: "none" } },
      { withoutDeviceRules: true },
    );
    expect(confined.status).toBe(77);
    expect((await runs.runScript(tell)).status).toBe(privileged);
  });

  it("has podman's capabilities and a filter", async () => {
    const { output } = await runs.runScript(
      "grep -E '^(CapBnd|CapEff|CapInh|CapAmb|Seccomp):' /proc/self/status",
      { privileged: false, network: { kind: "none" } },
      { withoutDeviceRules: true },
    );
    expect(output).toBe(
      "CapInh:\t0000000000000000\nCapEff:\t00000000800405fb\nCapBnd:\t00000000800405fb\n" +
        "CapAmb:\t0000000000000000\nSeccomp:\t2\n",
    );
  });
});
