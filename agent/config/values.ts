/** Parsers of single values: sizes, numbers, booleans, choices, names, paths. */
import { chooseNearest } from "./nearest.ts";
import { type Located, splitLocated, trimLocated } from "./located.ts";
import type { Report } from "./problem_collector.ts";

/** A parser of one value: undefined when it is wrong, and then reported. */
export type ParseValue<T> = (value: Located, report: Report) => T | undefined;

const SIZE = /^(\d+\.?\d*|\.\d+) *(?:([kmgtp])(?:i?b)?|b)?$/i;
const UNIT_EXPONENTS: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5 };
const DURATION = /^(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+(?:\.\d+)?)s?)?$/i;
const TRUE_WORDS: readonly string[] = ["1", "t", "true"];
const FALSE_WORDS: readonly string[] = ["0", "f", "false"];
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const MAX_NAME_LENGTH = 128;

/** Bytes from a number with a unit: k, m, g, t, p (powers of 1024), also as `MB`, `MiB`. */
export function parseSize(value: Located, report: Report): number | undefined {
  const match = SIZE.exec(value.text);
  if (!match) {
    return report.error(
      value,
      "{} is not a size: a number and a unit out of k, m, g, t",
      sizeHint(),
    );
  }
  const exponent = UNIT_EXPONENTS[match[2]?.toLowerCase() ?? ""] ?? 0;
  const size = Math.floor(Number(match[1]) * 1024 ** exponent);
  if (!Number.isSafeInteger(size)) {
    return report.error(value, "{} is too large: at most 8191t make sense", sizeHint());
  }
  return size;
}

function sizeHint(): string {
  return "such as 512m, 16g, 8GiB";
}

/** A whole number between two bounds, both included. */
export function parseInteger(min: number, max: number): ParseValue<number> {
  return (value, report) => {
    const number = /^[+-]?\d{1,15}$/.test(value.text) ? Number(value.text) : NaN;
    if (number >= min && number <= max) return number;
    return report.error(value, `{} is not a whole number from ${min} to ${max}`);
  };
}

/** Seconds from a number, or a number with units: `15`, `1.5`, `90s`, `2m`, `1m30s`, `1h`. */
export function parseSeconds(max: number): ParseValue<number> {
  return (value, report) => {
    const match = value.text === "" ? null : DURATION.exec(value.text);
    const [hours = 0, minutes = 0, seconds = 0] =
      match?.slice(1).map((part) => Number(part ?? 0)) ??
        [NaN];
    const total = hours * 3600 + minutes * 60 + seconds;
    if (total <= max) return total;
    return report.error(
      value,
      `{} is not a time in seconds from 0 to ${max}`,
      "such as 15, 90s, 2m",
    );
  };
}

/** `1`, `t`, `true`, `0`, `f`, `false`, in any case (what podman's flags take). */
export function parseBoolean(value: Located, report: Report): boolean | undefined {
  const word = value.text.toLowerCase();
  if (TRUE_WORDS.includes(word)) return true;
  if (FALSE_WORDS.includes(word)) return false;
  return report.error(value, "{} is neither true nor false", "write true, false, 1 or 0");
}

/** One out of some words. */
export function parseChoice<T extends string>(choices: readonly T[]): ParseValue<T> {
  return (value, report) => {
    const found = choices.find((choice) => choice === value.text);
    if (found !== undefined) return found;
    const near = chooseNearest(value.text, choices);
    return report.error(value, `{} is none of ${choices.join(", ")}`, near && `write ${near}`);
  };
}

/** The items between separators, blanks around them dropped; each goes through a parser. */
export function parseList<T>(
  separator: string,
  parseItem: ParseValue<T>,
): ParseValue<readonly T[]> {
  return (value, report) => {
    const items = splitLocated(value, separator).map((item) =>
      parseItem(trimLocated(item), report)
    );
    return items.some((item) => item === undefined) ? undefined : items as readonly T[];
  };
}

/** A name of our own making: letters, digits, `_`, `.`, `-`, beginning with a letter or digit. */
export function parseName(what: string): ParseValue<string> {
  return (value, report) => {
    if (NAME.test(value.text) && value.text.length <= MAX_NAME_LENGTH) return value.text;
    return report.error(
      value,
      `{} cannot name ${what}: letters, digits, _ . - are allowed, the first a letter or digit`,
    );
  };
}

/** An absolute path without NUL. */
export function parsePath(what: string): ParseValue<string> {
  return (value, report) => {
    if (value.text.startsWith("/") && !value.text.includes("\0")) return value.text;
    return report.error(value, `{} is not the absolute path of ${what}`);
  };
}

/** Any text that is not empty. */
export function parseText(what: string): ParseValue<string> {
  return (value, report) =>
    value.text === "" ? report.error(value, `${what} is missing`) : value.text;
}

/** A text that a pattern allows. */
export function parsePattern(pattern: RegExp, message: string, hint?: string): ParseValue<string> {
  return (value, report) =>
    pattern.test(value.text) ? value.text : report.error(value, message, hint);
}
