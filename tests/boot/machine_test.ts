import type { BootCase } from "../support/boot_case.ts";
import { describeBoots } from "../support/describe_boots.ts";

const DEMO = "--tls-verify=false docker://REGISTRY/demo:latest";

const CASES: readonly BootCase[] = [
  {
    name: "384 MiB of memory",
    runs: [DEMO],
    memoryMib: 384,
    console: ["Hello from the container"],
    status: 0,
  },
  {
    name: "a container that fills the memory's disk is told so, and the machine lives",
    runs: [`-e QUIET=1 ${DEMO} sh -c 'dd if=/dev/zero of=/fill bs=1M; echo sur''vived'`],
    memoryMib: 512,
    console: ["No space left on device", "survived", "pipeline status: 0"],
    status: 0,
  },
  {
    name: "folders nested deeper than a stack",
    runs: [
      `-e QUIET=1 ${DEMO} sh -c 'cd /tmp; i=0; ` +
      `while [ $i -lt 3000 ]; do mkdir d; cd d; i=$((i+1)); done; echo ne''sted'`,
    ],
    console: ["nested", "pipeline status: 0"],
    status: 0,
  },
  {
    name: "directives in an archive",
    runs: [],
    overlay: {
      "b2c.d/10-first.args": `# comment\nb2c.run="${DEMO} sh -c 'echo fi''rst'"\n`,
      "b2c.d/20-second.args": `b2c.run="${DEMO} sh -c 'echo sec''ond; exit 2'"\n`,
    },
    console: ["first", "second"],
    status: 2,
  },
  {
    name: "crun is broken",
    runs: [DEMO],
    overlay: { "usr/bin/crun": "\x7fELF no more" },
    console: [/Cannot .*crun/, "safe to turn off"],
    never: ["Hello from the container"],
    status: 125,
  },
  {
    name: "the network's program is broken",
    runs: [DEMO],
    overlay: { "bin/busybox": "no program\n" },
    console: ["ERROR", "safe to turn off"],
    status: 1,
  },
  {
    name: "mistakes on the command line, all at once",
    runs: [`--no-such-option ${DEMO}`, DEMO],
    append: "b2c.filesystem=x b2c.piepfail",
    console: [
      // In the order of the text.
      "b2c.filesystem",
      "b2c.pipefail",
      "--no-such-option",
    ],
    never: ["Hello from the container"],
    status: 1,
  },
];

describeBoots("machine", CASES);
