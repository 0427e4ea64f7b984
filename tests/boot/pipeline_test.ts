import type { BootCase } from "../support/boot_case.ts";
import { describeBoots } from "../support/describe_boots.ts";

const DEMO = "--tls-verify=false docker://REGISTRY/demo:latest";
const QUIET = `-e QUIET=1 ${DEMO}`;
const SECRET = "s3cr3t-0f-th3-t3st";

// Quotes within words: what a container says does not look like the command that says it.
const CASES: readonly BootCase[] = [
  {
    name: "image's own command, then containers with options",
    runs: [
      DEMO,
      `-e API_TOKEN=${SECRET} -e GREETING=hi --hostname box -w /tmp ${QUIET} ` +
      `sh -c 'echo "$GREETING ${"$"}(hostname) ${"$"}(pwd) ${"$"}(id -u) ${"$"}{#API_TOKEN}"'`,
      `--entrypoint /bin/sh ${DEMO} -c 'echo entry''point; echo mark > /run/mark'`,
      `--user nobody --network=none ${QUIET} ` +
      `sh -c 'echo user ${"$"}(id -u), links: ${"$"}(ls /sys/class/net)'`,
      `-v /run:/host ${QUIET} sh -c 'echo from the host > /host/note'`,
      `-v /run:/host:ro ${QUIET} sh -c 'cat /host/note; touch /host/x || echo read''-only'`,
    ],
    console: [
      "Hello from the container on Linux",
      "2 processors",
      "This container runs from an image",
      `hi box /tmp 0 ${SECRET.length}`,
      "entrypoint",
      "user 65534, links: lo\r\n",
      "from the host",
      "read-only",
      /Execution is over, pipeline status: 0\r*\n/,
      /^It's now safe to turn off your computer\r*$/m,
      /reboot: Power down/i,
    ],
    never: [SECRET, "WARNING"],
    status: 0,
  },
  {
    name: "status is that of the first failure, and the rest still runs",
    runs: [
      `${QUIET} sh -c 'exit 3'`,
      `${QUIET} sh -c 'echo "status $B2C_PIPELINE_STATUS, mode $B2C_PIPELINE_SHUTDOWN_MODE"; exit 4'`,
    ],
    console: ["status 3, mode default"],
    status: 3,
  },
  {
    name: "pipefail ends the pipeline",
    runs: [`${QUIET} sh -c 'echo fi''rst; exit 3'`, `${QUIET} sh -c 'echo sec''ond'`],
    append: "b2c.pipefail",
    console: ["first"],
    never: ["second"],
    status: 3,
  },
];

describeBoots("pipeline", CASES);
