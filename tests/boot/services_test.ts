/** Services beside the pipeline, post containers after it, and what they are told. */
import type { BootCase } from "../support/boot_case.ts";
import { describeBoots } from "../support/describe_boots.ts";

const IMAGE = "-e QUIET=1 --tls-verify=false docker://REGISTRY/demo:latest";
const REPORT = "echo post: $B2C_PIPELINE_STATUS by ${B2C_PIPELINE_FAILED_BY##* }, " +
  "before: $B2C_PIPELINE_PREV_CONTAINER_EXIT_CODE";

/** A service, three containers of which the second fails, a post container. */
function directives(): string {
  const directive = (name: string, options: string, script: string) =>
    `${name}="${options} ${IMAGE} sh -c '${script}'"`;
  return [
    directive(
      "b2c.run_service",
      "--name=beat -v /run:/host",
      "trap \\\"echo beat: stop''ped; exit\\\" TERM; echo started > /host/beat; echo alive; " +
        "while :; do sleep 1; done",
    ),
    directive(
      "b2c.run",
      "-v /run:/host",
      "until [ -e /host/beat ]; do sleep 1; done; echo fi''rst",
    ),
    directive("b2c.run", "", "exit 5"),
    directive("b2c.run", "", "echo thi''rd"),
    directive("b2c.run_post", "", REPORT),
  ].join("\n") + "\n";
}

const CASES: readonly BootCase[] = [
  {
    name: "a failure in the middle: the rest runs, the post container knows",
    runs: [],
    overlay: { "b2c.d/test.args": directives() },
    console: [
      "beat: alive",
      "first",
      "third",
      /post: 5 by \S+, before: 0/,
      /stop 1 service/,
      "pipeline status: 5",
    ],
    status: 5,
  },
  {
    name: "a failure in the middle with pipefail: the post container runs all the same",
    runs: [],
    append: "b2c.pipefail",
    overlay: { "b2c.d/test.args": directives() },
    console: ["first", /post: 5 by \S+, before: 5/, "pipeline status: 5"],
    never: ["third"],
    status: 5,
  },
  {
    name: "a container reboots the machine",
    runs: [`${IMAGE} reboot -f`],
    console: [/Execution is over, pipeline status: 129/, /reboot: Restarting system/i],
    never: ["safe to turn off"],
    status: 129,
  },
];

describeBoots("services and post containers", CASES);
