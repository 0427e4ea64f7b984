import { describe, expect, it } from "vitest";
import { parseRun } from "../../support/parse_value.ts";

const MIB = 1 << 20;

describe("options that limit", () => {
  it.each([
    { text: "--memory 512m", wanted: { memory: 512 * MIB } },
    { text: "-m 1g", wanted: { memory: 1024 * MIB } },
    { text: "--memory 0", wanted: { memory: undefined } },
    { text: "--cpus 1.5", wanted: { cpus: 1.5 } },
    { text: "--cpus .25", wanted: { cpus: 0.25 } },
    { text: "--cpus=0", wanted: { cpus: undefined } },
    { text: "--pids-limit -1", wanted: { pidsLimit: -1 } },
    { text: "--pids-limit=0", wanted: { pidsLimit: -1 } },
    { text: "--pids-limit 100", wanted: { pidsLimit: 100 } },
    { text: "--shm-size 1g", wanted: { shmSize: 1024 * MIB } },
    { text: "--shm-size 0", wanted: { shmSize: 0 } },
    {
      text: "--ulimit nofile=1024:2048",
      wanted: { ulimits: [{ name: "nofile", soft: 1024, hard: 2048 }] },
    },
    {
      text: "--ulimit core=-1,memlock=unlimited:-1 --ulimit RLIMIT_NPROC=5",
      wanted: {
        ulimits: [
          { name: "core", soft: -1, hard: -1 },
          { name: "memlock", soft: -1, hard: -1 },
          { name: "nproc", soft: 5, hard: 5 },
        ],
      },
    },
    {
      text: "--sysctl net.ipv4.ip_forward=1 --sysctl kernel/shmmax=65536",
      wanted: { sysctls: { "net.ipv4.ip_forward": "1", "kernel.shmmax": "65536" } },
    },
  ])("$text", ({ text, wanted }) => {
    const { value, problems } = parseRun(`${text} img`);
    expect(problems).toEqual([]);
    expect(value?.options).toMatchObject(wanted);
  });

  it.each([
    {
      text: "--memory 512q",
      message: '"512q" is not a size: a number and a unit out of k, m, g, t',
    },
    { text: "--cpus x", message: '"x" is not a number of CPUs from 0.01 on' },
    { text: "--cpus 0.001", message: '"0.001" is not a number of CPUs from 0.01 on' },
    { text: "--cpus ''", message: '"" is not a number of CPUs from 0.01 on' },
    { text: "--cpus .", message: '"." is not a number of CPUs from 0.01 on' },
    { text: "--pids-limit -2", message: '"-2" is not a whole number from -1 to 4194304' },
    { text: "--ulimit nofile", message: '"nofile" is no limit' },
    {
      text: "--ulimit host",
      message: '"host" is refused: the agent\'s own limits are no guide for containers',
    },
    { text: "--ulimit nofile=2:1", message: '"nofile=2:1" has a soft limit above the hard one' },
    { text: "--ulimit nofile=-1:1", message: '"nofile=-1:1" has a soft limit above the hard one' },
    { text: "--ulimit nofile=-5", message: '"nofile=-5" holds a number below -1' },
    { text: "--sysctl x", message: '"x" is no kernel setting' },
  ])("refuses $text", ({ text, message }) => {
    expect(parseRun(`${text} img`)).toMatchObject({ value: undefined, errors: [message] });
  });

  it("names the nearest resource", () => {
    const { problems } = parseRun("--ulimit nofiel=1 img");
    expect(problems).toMatchObject([{ text: "nofiel", hint: "write nofile" }]);
  });
});
