/** Calls a parser of agent/config/ with a value, as if a directive had it. */
import type { Config } from "../../agent/config/config.ts";
import type { ContainerConfig } from "../../agent/config/container_config.ts";
import { locate, type Located } from "../../agent/config/located.ts";
import { parseConfig } from "../../agent/config/parse_config.ts";
import { ProblemCollector, type Report } from "../../agent/config/problem_collector.ts";
import type { Problem } from "../../agent/errors.ts";

const KEY = "b2c.test=";

/** What a parser made of a value. */
export interface Parsed<T> {
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
  /** Messages of errors alone. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Parses a value; what is secret in it is masked in the problems. */
export function parseValue<T>(
  parse: (value: Located, report: Report) => T | undefined,
  text: string,
): Parsed<T> {
  const source = { name: "test", text: KEY + text };
  const collector = new ProblemCollector();
  const located = locate(source, KEY.length, source.text.length);
  const token = {
    key: locate(source, 0, KEY.length - 1),
    value: located,
    start: 0,
    end: source.text.length,
    openQuote: undefined,
  };
  const value = parse(located, collector.openReport(token, true));
  return { value, ...split(collector.problems([source])) };
}

/** Parses one command line. */
export function parseLine(text: string): Config & Omit<Parsed<never>, "value"> {
  const config = parseConfig([{ name: "/proc/cmdline", text }]);
  return { ...config, ...split(config.problems) };
}

/** Parses a container text; it must be free of double quotes. */
export function parseRun(text: string): Parsed<ContainerConfig> {
  const config = parseLine(`b2c.run="${text}"`);
  return { value: config.containers[0], ...split(config.problems) };
}

function split(problems: readonly Problem[]): Omit<Parsed<never>, "value"> {
  const messages = (severity: Problem["severity"]) =>
    problems.filter((problem) => problem.severity === severity).map(({ message }) => message);
  return { problems, errors: messages("error"), warnings: messages("warning") };
}
