import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Config } from "../../../agent/config/config.ts";
import { parseConfig } from "../../../agent/config/parse_config.ts";

const lines = readFileSync(new URL("../../data/cmdlines_in_use.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

const GIB = 1024 ** 3;
const HOST_NETWORK = { kind: "host" };
/** Every container has these, unless its text says otherwise. */
const DEFAULTS = { privileged: true, network: HOST_NETWORK, rm: true, pull: undefined };
const NOT_CHECKED = { tlsVerify: false };
const TERMINAL = { tty: true, interactive: true };
const BY_DHCP = { kind: "auto" };
const NO_CACHE = { kind: "none" };
const AUTO_CACHE = { kind: "auto", wipe: false };

/** A volume of that name at that place. */
function volume(name: string, target: string) {
  return { kind: "volume", name, target, options: [] };
}

/** What each line means, in the order of the file. */
const MEANINGS: readonly object[] = [
  {
    containers: [{
      directive: "b2c.run",
      image: "docker.io/library/alpine:latest",
      command: [],
      options: { ...DEFAULTS, ...TERMINAL, tlsVerify: true },
    }],
    cacheDevice: NO_CACHE,
    ntp: { kind: "none" },
    pipefail: false,
  },
  { containers: [{ image: "docker.io/valkey/valkey:8.1.4-alpine3.22", options: TERMINAL }] },
  { containers: [{ image: "docker.io/library/alpine:latest", options: TERMINAL }], ntp: BY_DHCP },
  {
    containers: [{
      image: "registry.freedesktop.org/mupuf/valve-infra/valve-infra-container:aarch64",
      options: TERMINAL,
    }],
    ntp: BY_DHCP,
    cacheDevice: { kind: "device", device: "/dev/mmcblk0p2", wipe: false },
  },
  {
    containers: [{
      directive: "b2c.container",
      image: "docker://10.0.2.2:8088/valve-infra/valve-infra-container:latest",
      options: {
        ...DEFAULTS,
        ...TERMINAL,
        ...NOT_CHECKED,
        dns: "none",
        mounts: [volume("tmp", "/mnt/tmp"), volume("perm", "/mnt/permanent")],
        entrypoint: ["/bin/init"],
      },
    }],
    volumes: [{ name: "tmp", pullOn: [], pushOn: [] }, { name: "perm" }],
    hostname: "vivian",
    ntp: BY_DHCP,
    pipefail: true,
    cacheDevice: AUTO_CACHE,
  },
  {
    containers: [{
      image: "docker://ci-gateway:8002/mupuf/valve-infra/machine_registration:latest",
      command: ["register"],
      options: { ...TERMINAL, ...NOT_CHECKED },
    }],
    ntp: { kind: "host", host: "ci-gateway" },
    cacheDevice: NO_CACHE,
  },
  {
    containers: [],
    cacheDevice: { kind: "reset", wipe: false },
    poweroffDelay: 15,
  },
  {
    containers: [{
      image: "docker://10.42.0.1:8002/mupuf/valve-infra/machine_registration:latest",
      command: [],
      options: {
        ...TERMINAL,
        ...NOT_CHECKED,
        mounts: [volume("job", "/job_share/")],
        entrypoint: ["bash"],
      },
    }],
    s3Endpoints: [{
      alias: "gateway",
      url: "http://10.0.2.2:9000",
      accessKey: "job_key",
      secretKey: "job_secret",
    }],
    volumes: [{
      name: "job",
      pullFrom: { alias: "gateway", bucket: "job-bucket", prefix: "" },
      pushTo: { alias: "gateway", bucket: "job-bucket", prefix: "" },
      pullOn: ["pipeline_start"],
      pushOn: ["pipeline_end"],
      overwrite: true,
      remove: false,
      expiration: "never",
    }],
  },
  {
    containers: [
      {
        image: "docker://10.42.0.1:8001/infra/machine_registration:latest",
        command: ["check"],
        options: { tlsVerify: true, tty: false },
      },
      {
        image: "docker://10.42.0.1:8002/tests/mesa:12345",
        options: {
          mounts: [{ kind: "bind", source: "/container/tmp", target: "/storage", options: [] }],
        },
      },
    ],
    ntp: { kind: "host", host: "10.42.0.1" },
    pipefail: true,
    cacheDevice: AUTO_CACHE,
  },
  {
    containers: [{
      image: "docker://10.0.2.2:5000/x:y",
      command: ["/entrypoint-dxvk"],
      options: { ...NOT_CHECKED, mounts: [volume("job", "/job")], workdir: "/job" },
    }],
    volumes: [{
      pushTo: { alias: "gateway", bucket: "job", prefix: "" },
      pullOn: ["pipeline_start"],
      pushOn: ["changes"],
      overwrite: true,
      preserve: true,
      remove: true,
      expiration: "pipeline_end",
    }],
    s3Endpoints: [{ alias: "gateway", accessKey: "a", secretKey: "b" }],
  },
  {
    services: [{
      directive: "b2c.service",
      image: "10.0.2.2:5000/telemetry:latest",
      options: { ...DEFAULTS, pid: "host" },
    }],
    containers: [{ image: "10.0.2.2:5000/x:y", options: { ...DEFAULTS, pid: "private" } }],
  },
  {
    containers: [],
    cacheDevice: AUTO_CACHE,
    ntp: { kind: "host", host: "10.42.0.1" },
    extraArguments: { url: "http://10.42.0.1/job/b2c-extra-args", sha256: undefined },
    swap: { kind: "file", size: 16 * GIB, swappiness: undefined },
  },
  {
    swap: { kind: "file", size: 8 * GIB, swappiness: 60 },
    cacheDevice: AUTO_CACHE,
    ntp: { kind: "host", host: "ci-gateway" },
    extraArguments: { url: "http://ci-gateway/b2c-extra-args", sha256: undefined },
  },
  {
    filesystems: [{
      name: "publicimgstore",
      source: "10.0.2.2:/images",
      type: "nfs",
      options: ["ro", "nolock"],
    }],
    imageStores: ["publicimgstore"],
    networkBlockDevices: [
      { device: "/dev/nbd0", host: "ci-gateway", port: 10809, connections: 5, exportName: "" },
      { device: "/dev/nbd1", host: "ci-gateway", port: 10810, connections: 5, exportName: "" },
    ],
    cacheDevice: { kind: "device", device: "/dev/nbd0", wipe: false },
    swap: { kind: "device", device: "/dev/nbd1", swappiness: undefined },
  },
  {
    containers: [{
      image: "10.0.2.2:5000/gfx-ci/ci-tron/executorctl:latest",
      command: ["echo", "Hello", "world"],
      options: { ...NOT_CHECKED, tty: true, interactive: false },
    }],
    poweroffDelay: 15,
  },
  {
    containers: [{
      image: "docker.io/library/alpine",
      command: ["bash", "-euc", "tar xf install.tar; ./install/common/init-stage2.sh"],
    }],
    modules: [{ name: "amdgpu", options: ["si_support=1"] }],
  },
];

describe("command lines in use", () => {
  it("each have a meaning here", () => expect(MEANINGS).toHaveLength(lines.length));

  it.each(lines.map((line, index) => ({ line, index })))("$line", ({ line, index }) => {
    // A command line that the kernel gives ends in a line end.
    const config: Config = parseConfig([{ name: "/proc/cmdline", text: `${line}\n` }]);
    expect(config.problems).toEqual([]);
    expect(config).toMatchObject(MEANINGS[index] ?? {});
  });
});
