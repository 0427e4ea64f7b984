/** A machine and a container to render runtime configurations of, for tests. */
import type { ContainerConfig, ContainerOptions } from "../../agent/config/container_config.ts";
import type { DeviceNode, MachineFacts } from "../../agent/container/machine_facts.ts";
import type { SeccompProfile } from "../../agent/container/seccomp_config.ts";
import type { UserDatabase } from "../../agent/container/users.ts";

/** What the options of a container are when none is written. */
export const DEFAULT_OPTIONS: ContainerOptions = {
  annotations: {},
  capAdd: [],
  capDrop: [],
  cgroupns: "private",
  cpus: undefined,
  devices: [],
  dns: [],
  entrypoint: undefined,
  env: [],
  envFiles: [],
  groupAdd: [],
  hostname: undefined,
  init: false,
  interactive: false,
  ipc: "private",
  labels: {},
  memory: undefined,
  mounts: [],
  name: undefined,
  network: { kind: "host" },
  noNewPrivileges: false,
  pid: "private",
  pidsLimit: undefined,
  platform: undefined,
  privileged: true,
  publish: [],
  pull: undefined,
  quiet: false,
  readOnly: false,
  restart: { kind: "no", retries: undefined },
  rm: true,
  seccomp: "default",
  shmSize: 64 << 20,
  stopSignal: undefined,
  stopTimeout: 10,
  sysctls: {},
  systemd: "true",
  timeout: 0,
  tlsVerify: true,
  tty: false,
  tz: undefined,
  ulimits: [],
  umask: undefined,
  user: undefined,
  uts: "private",
  workdir: undefined,
};

export function makeContainer(
  options: Partial<ContainerOptions> = {},
  command: readonly string[] = [],
): ContainerConfig {
  return {
    directive: "b2c.run",
    text: "registry/image:1",
    image: "registry/image:1",
    command,
    options: { ...DEFAULT_OPTIONS, ...options },
  };
}

/** Nodes as devtmpfs makes them, some that matter to some rule. */
const DEVICES: readonly DeviceNode[] = [
  makeNode("/dev/console", "c", 5, 1, 0o600),
  makeNode("/dev/dri/card0", "c", 226, 0, 0o660, 44),
  makeNode("/dev/dri/renderD128", "c", 226, 128, 0o666, 44),
  { ...makeNode("/dev/gpu", "c", 226, 0, 0o660, 44), isLink: true },
  makeNode("/dev/fuse", "c", 10, 229, 0o666),
  makeNode("/dev/null", "c", 1, 3, 0o666),
  makeNode("/dev/pts/0", "c", 136, 0, 0o620),
  makeNode("/dev/tty1", "c", 4, 1, 0o620),
  makeNode("/dev/ttyS0", "c", 4, 64, 0o620),
  makeNode("/dev/vda", "b", 254, 0, 0o660, 6),
];

function makeNode(
  path: string,
  type: "c" | "b",
  major: number,
  minor: number,
  mode: number,
  gid = 0,
): DeviceNode {
  return { path, type, major, minor, mode, uid: 0, gid, isLink: false };
}

/** A machine with few capabilities, so that golden files stay readable. */
export const FACTS: MachineFacts = {
  hostname: "boot2container",
  architecture: "amd64",
  kernelRelease: "6.12.48-cloud-amd64",
  capabilities: [
    ..."CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_ADMIN NET_BIND_SERVICE SETFCAP SETGID".split(" "),
    ..."SETPCAP SETUID SYS_ADMIN SYS_CHROOT SYS_RESOURCE".split(" "),
  ].map((name) => `CAP_${name}`),
  devices: DEVICES,
  hardLimits: {},
  terminalSize: { rows: 50, columns: 132 },
  environment: { PATH: "/bin", CI_JOB: "7", CI_STAGE: "test" },
  controllers: ["cpu", "memory", "pids"],
};

/** The files of the test image. */
export const DATABASE: UserDatabase = {
  users: [
    { name: "root", uid: 0, gid: 0, home: "/root" },
    { name: "user", uid: 1000, gid: 1000, home: "/home/user" },
  ],
  groups: [
    { name: "root", gid: 0, members: [] },
    { name: "audio", gid: 29, members: ["user"] },
    { name: "video", gid: 44, members: ["user", "root"] },
    { name: "user", gid: 1000, members: [] },
  ],
};

/** One rule of each kind that the real profile has. */
export const SECCOMP: SeccompProfile = {
  defaultAction: "SCMP_ACT_ERRNO",
  defaultErrnoRet: 38,
  archMap: [
    { architecture: "SCMP_ARCH_X86_64", subArchitectures: ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] },
    { architecture: "SCMP_ARCH_AARCH64", subArchitectures: ["SCMP_ARCH_ARM"] },
  ],
  syscalls: [
    { names: ["read", "write"], action: "SCMP_ACT_ALLOW", args: [], includes: {}, excludes: {} },
    {
      names: ["mount"],
      action: "SCMP_ACT_ALLOW",
      includes: { caps: ["CAP_SYS_ADMIN"] },
    },
    {
      names: ["bpf"],
      action: "SCMP_ACT_ERRNO",
      errnoRet: 1,
      excludes: { caps: ["CAP_SYS_ADMIN", "CAP_BPF"] },
    },
    { names: ["arch_prctl"], action: "SCMP_ACT_ALLOW", includes: { arches: ["amd64", "x32"] } },
    { names: ["sync_file_range2"], action: "SCMP_ACT_ALLOW", includes: { arches: ["arm64"] } },
    { names: ["ptrace"], action: "SCMP_ACT_ALLOW", includes: { minKernel: "4.8" } },
    {
      names: ["personality"],
      action: "SCMP_ACT_ALLOW",
      args: [{ index: 0, value: 8, valueTwo: 0, op: "SCMP_CMP_EQ" }],
    },
  ],
};
