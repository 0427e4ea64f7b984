/** Directives about what runs, and how the machine ends. */
import { parseContainer } from "./container_options.ts";
import { type Directive, item, scalar } from "./directive.ts";
import { parseCommand } from "./machine_options.ts";
import { parseBoolean, parseChoice, parseSeconds } from "./values.ts";

const DAY_SECONDS = 86400;
const RUN_SYNTAX = '"[podman create options] IMAGE [command…]"';

export const RUN_DIRECTIVES: readonly Directive[] = [
  {
    name: "b2c.run",
    oldNames: ["b2c.container"],
    syntax: RUN_SYNTAX,
    fallback: "",
    help: "a container of the pipeline; they run in order",
    repeatable: true,
    essential: true,
    implemented: true,
    apply: item("containers", (value, report) => parseContainer(value, report, "container")),
  },
  {
    name: "b2c.run_service",
    oldNames: ["b2c.service"],
    syntax: RUN_SYNTAX,
    fallback: "",
    help: "a container that runs beside the pipeline: started before it, stopped after it",
    repeatable: true,
    essential: true,
    implemented: true,
    apply: item("services", (value, report) => parseContainer(value, report, "service")),
  },
  {
    name: "b2c.run_post",
    oldNames: ["b2c.post_container"],
    syntax: RUN_SYNTAX,
    fallback: "",
    help: "a container that runs after the pipeline, also when that failed",
    repeatable: true,
    essential: true,
    implemented: true,
    apply: item("postContainers", (value, report) => parseContainer(value, report, "post")),
  },
  {
    name: "b2c.pipefail",
    syntax: "[0|1|false|true]",
    fallback: "0",
    help: "the first container that fails ends the pipeline",
    bare: "true",
    implemented: true,
    apply: scalar("pipefail", parseBoolean),
  },
  {
    name: "b2c.on_failure",
    syntax: "poweroff | reboot | shell | halt",
    fallback: "poweroff",
    help: "what to do after a boot that could not run its pipeline",
    implemented: ["poweroff", "reboot", "halt"],
    apply: scalar("onFailure", parseChoice(["poweroff", "reboot", "shell", "halt"])),
  },
  {
    name: "b2c.poweroff_delay",
    syntax: "SECONDS",
    fallback: "0",
    help: "wait before power-off, not before reboot",
    implemented: true,
    apply: scalar("poweroffDelay", parseSeconds(7 * DAY_SECONDS)),
  },
  {
    name: "b2c.shutdown_cmd",
    syntax: '"COMMAND [WORD]*"',
    fallback: "",
    help: "run instead of the power-off call; if it returns, the call follows",
    implemented: false,
    apply: scalar("shutdownCommand", parseCommand),
  },
  {
    name: "b2c.reboot_cmd",
    syntax: '"COMMAND [WORD]*"',
    fallback: "",
    help: "run instead of the reboot call; if it returns, the call follows",
    implemented: false,
    apply: scalar("rebootCommand", parseCommand),
  },
];
