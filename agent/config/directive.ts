/** The shape of one directive in the table, and the usual ways to apply one. */
import type { ConfigDraft } from "./config_draft.ts";
import type { Located } from "./located.ts";
import type { Report } from "./problem_collector.ts";
import type { ParseValue } from "./values.ts";

/** One directive: the parser, the reference and the tests read it from here. */
export interface Directive {
  readonly name: string;
  /** Names from before, which mean the same. */
  readonly oldNames?: readonly string[];
  /** How the value is written. */
  readonly syntax: string;
  /** What holds without it, as shown in the reference; empty: nothing. */
  readonly fallback: string;
  /** One line. */
  readonly help: string;
  /** May stand several times: the values are gathered in order. Else the last one counts. */
  readonly repeatable?: boolean;
  /** A mistake in it keeps everything from running. */
  readonly essential?: boolean;
  /** What it means without a `=`; absent: it needs a value. */
  readonly bare?: "true";
  /** An empty value has a meaning of its own. */
  readonly mayBeEmpty?: boolean;
  /** False: parsed, but this version cannot carry it out. A list: only these values can. */
  readonly implemented: boolean | readonly string[];
  /** Parses the value, puts it into the draft, reports every mistake. */
  readonly apply: (draft: ConfigDraft, value: Located, report: Report) => void;
}

type ListKey = {
  [K in keyof ConfigDraft]: ConfigDraft[K] extends unknown[] ? K : never;
}[keyof ConfigDraft];

/** The value takes the place of what was there. */
export function scalar<K extends Exclude<keyof ConfigDraft, "network" | "proxy">>(
  key: K,
  parse: ParseValue<ConfigDraft[K]>,
): Directive["apply"] {
  return (draft, value, report) => {
    const parsed = parse(value, report);
    if (parsed !== undefined) draft[key] = parsed;
  };
}

/** The value is added to a list. */
export function item<K extends ListKey, T extends ConfigDraft[K][number]>(
  key: K,
  parse: ParseValue<T>,
): Directive["apply"] {
  return (draft, value, report) => {
    const parsed = parse(value, report);
    if (parsed !== undefined) (draft[key] as T[]).push(parsed);
  };
}
