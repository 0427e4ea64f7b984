/** `agent check`: says what a command line means, and what is wrong with it. */
import { configToJson } from "../config/config_json.ts";
import { parseConfig } from "../config/parse_config.ts";
import { renderProblems } from "../config/render_problems.ts";
import { printNotice, printOutput } from "../log.ts";
import { checkImages } from "../check_images.ts";

/**
 * Prints the configuration as JSON on stdout and the problems on stderr.
 * @returns exit status: 0, or 1 when there is a mistake, 2 when called wrongly
 */
export function runCheck(argv: readonly string[]): number {
  const [text, ...rest] = argv;
  if (text === undefined || rest.length > 0) {
    printNotice("usage: agent check 'COMMAND LINE'\n");
    return 2;
  }
  const config = checkImages(parseConfig([{ name: "command line", text }]));
  printOutput(`${JSON.stringify(configToJson(config), null, 2)}\n`);
  if (config.problems.length > 0) printNotice(`${renderProblems(config.problems)}\n`);
  for (const name of config.unimplemented) printNotice(`${name}: not implemented yet\n`);
  return config.problems.some((problem) => problem.severity === "error") ? 1 : 0;
}
