/** Values of the form `HEAD,option=value,flag,…`. */
import { type Located, sliceLocated, splitLocated, trimLocated } from "./located.ts";
import { chooseNearest } from "./nearest.ts";
import type { Report } from "./problem_collector.ts";
import { parseBoolean, type ParseValue } from "./values.ts";

/** One option of such a list; `D` is what it changes. */
export type ListOption<D> =
  & {
    readonly name: string;
    readonly aliases?: readonly string[];
    /** May stand several times. */
    readonly repeatable?: boolean;
    /** Its value must never be shown. */
    readonly secret?: boolean;
    /** Its value is a list of its own, separated by `|`. */
    readonly piped?: boolean;
  }
  & ({
    readonly kind: "value";
    readonly apply: (draft: D, value: Located, report: Report, whole: Located) => void;
  } | {
    /** Takes no value, or a boolean. */
    readonly kind: "flag";
    readonly apply: (draft: D, value: boolean, report: Report, whole: Located) => void;
  } | {
    /** Takes a value or none. */
    readonly kind: "any";
    readonly apply: (draft: D, value: undefined, report: Report, whole: Located) => void;
  });

/** An option whose parsed value becomes a field of the draft. */
export function listValue<D, K extends keyof D>(
  name: string,
  key: K,
  parse: ParseValue<D[K]>,
  extras: Pick<ListOption<D>, "aliases" | "secret" | "piped"> = {},
): ListOption<D> {
  return {
    name,
    ...extras,
    kind: "value",
    apply: (draft, text, report) => {
      const value = parse(text, report);
      if (value !== undefined) draft[key] = value;
    },
  };
}

/** A repeatable option whose parsed values are gathered in a field of the draft. */
export function listItems<K extends string, T>(
  name: string,
  key: K,
  parse: ParseValue<T>,
  extras: Pick<ListOption<unknown>, "aliases" | "secret"> = {},
): ListOption<Record<K, T[]>> {
  return {
    name,
    ...extras,
    repeatable: true,
    kind: "value",
    apply: (draft, text, report) => {
      const value = parse(text, report);
      if (value !== undefined) draft[key].push(value);
    },
  };
}

/** A flag that becomes a field of the draft. */
export function listFlag<K extends string>(name: string, key: K): ListOption<Record<K, boolean>> {
  return { name, kind: "flag", apply: (draft, value) => void (draft[key] = value) };
}

interface Item {
  readonly whole: Located;
  readonly name: Located;
  readonly value: Located | undefined;
}

/** The pieces between commas, blanks around them dropped. */
export function splitItems(value: Located): readonly Located[] {
  return splitLocated(value, ",").map(trimLocated);
}

/** Parses options into a draft; every mistake is reported. */
export function parseOptionList<D>(
  pieces: readonly Located[],
  options: readonly ListOption<D>[],
  draft: D,
  report: Report,
): void {
  const items = pieces.map(splitItem);
  // First of all: nothing that is said below may show a secret.
  for (const item of items) hideSecret(item, options, report);
  const seen = new Set<string>();
  let previous: Item | undefined;
  for (const item of items) {
    const option = findOption(options, item.name.text);
    if (!option) reportUnknown(item, options, previous, report);
    else if (seen.has(option.name) && !option.repeatable) {
      report.error(item.whole, `the option ${option.name} is given twice`);
    } else applyOption(item, option, draft, report);
    if (option) seen.add(option.name);
    previous = option?.piped ? item : undefined;
  }
}

function splitItem(whole: Located): Item {
  const equals = whole.text.indexOf("=");
  if (equals < 0) return { whole, name: whole, value: undefined };
  return {
    whole,
    name: trimLocated(sliceLocated(whole, 0, equals)),
    value: trimLocated(sliceLocated(whole, equals + 1)),
  };
}

function findOption<D>(
  options: readonly ListOption<D>[],
  name: string,
): ListOption<D> | undefined {
  return options.find((option) => option.name === name || option.aliases?.includes(name));
}

function hideSecret<D>(item: Item, options: readonly ListOption<D>[], report: Report): void {
  const option = findOption(options, item.name.text);
  // A misspelt name must not lay its value open.
  const isSecret = option ? option.secret : options.some((other) => other.secret);
  if (isSecret && item.value) report.secret(item.value);
}

function applyOption<D>(item: Item, option: ListOption<D>, draft: D, report: Report): void {
  if (option.kind === "any") option.apply(draft, undefined, report, item.whole);
  else if (option.kind === "flag") {
    const value = item.value ? parseBoolean(item.value, report) : true;
    if (value !== undefined) option.apply(draft, value, report, item.whole);
  } else if (!item.value || item.value.text === "") {
    report.error(item.whole, `the option ${option.name} has no value`, `write ${option.name}=…`);
  } else option.apply(draft, item.value, report, item.whole);
}

function reportUnknown<D>(
  item: Item,
  options: readonly ListOption<D>[],
  pipedBefore: Item | undefined,
  report: Report,
): void {
  if (item.whole.text === "") {
    report.error(item.whole, "nothing stands between two commas, or after the last one");
    return;
  }
  const names = options.flatMap((option) => [option.name, ...(option.aliases ?? [])]);
  const near = chooseNearest(item.name.text, names);
  if (near === undefined && pipedBefore && !item.value) {
    const hint = `write ${report.masked(pipedBefore.whole)}|${report.masked(item.whole)}`;
    report.error(item.whole, "{} is no option; the values before it are separated by |", hint);
  } else {
    const known = `known are ${options.map((option) => option.name).join(", ")}`;
    report.error(item.name, `{} is no option here: ${known}`, near && `write ${near}`);
  }
}
