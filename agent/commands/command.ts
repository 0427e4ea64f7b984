/** The subcommands of the agent when it is not PID 1. */
import { renderReferenceText } from "../config/render_reference.ts";
import { describe } from "../errors.ts";
import { printNotice, printOutput } from "../log.ts";
import type { System } from "../sys/system.ts";
import { VERSION } from "../version.ts";
import { runCheck } from "./check.ts";
import { runPull } from "./pull.ts";

const USAGE = `usage:
  agent check 'COMMAND LINE'        what a kernel command line means, as JSON; mistakes on stderr
  agent pull [options] REF STORE    pull and unpack an image into a store folder
  agent directives                  every directive, with syntax and default
  agent --version
As PID 1 of a machine it reads /proc/cmdline and runs the containers that stand there.
`;

/**
 * Runs the subcommand that the arguments name.
 * @returns exit status; 2 when called wrongly
 */
export async function runCommand(sys: System, argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  try {
    switch (name) {
      case "check":
        return runCheck(rest);
      case "pull":
        return await runPull(sys, rest);
      case "directives":
        printOutput(renderReferenceText());
        return 0;
      case "--version":
        printOutput(`${VERSION}\n`);
        return 0;
      case "--help":
      case "help":
        printOutput(USAGE);
        return 0;
      default:
        printNotice(name === undefined ? USAGE : `Cannot run ${name}: no such command\n${USAGE}`);
        return 2;
    }
  } catch (error) {
    printNotice(`${describe(error)}\n`);
    return 1;
  }
}
