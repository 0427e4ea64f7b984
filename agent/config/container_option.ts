/** The shape of one podman option in the tables, and the usual ways to make one. */
import type { ContainerOptions } from "./container_config.ts";
import { type Located, splitLocated, trimLocated } from "./located.ts";
import type { Report } from "./problem_collector.ts";
import { parseBoolean, type ParseValue } from "./values.ts";

/** Options while they are gathered. */
export type OptionDraft =
  & {
    -readonly [K in keyof ContainerOptions]: ContainerOptions[K] extends readonly (infer T)[] ? T[]
      : K extends "annotations" | "labels" | "sysctls" ? Record<string, string>
      : ContainerOptions[K];
  }
  & {
    /** Parts of `platform` that were given one by one. */
    arch: string | undefined;
    variant: string | undefined;
  };

/** One option of `podman create`. */
export interface ContainerOption {
  /** Without the dashes. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One letter, without the dash. */
  readonly short?: string;
  /** `boolean`: needs no value, takes `=true` and `=false`. */
  readonly type: "boolean" | "string";
  /** How its value is written; empty for a boolean. */
  readonly syntax: string;
  /** One line. */
  readonly help: string;
  readonly repeatable: boolean;
  /** False: parsed, but this version cannot carry it out. A list: only these values can. */
  readonly implemented: boolean | readonly string[];
  apply(draft: OptionDraft, value: Located, report: Report): void;
}

/** An option of podman that is refused by name. */
export interface RefusedOption {
  readonly name: string;
  readonly short?: string;
  readonly type: "boolean" | "string";
  /** Completes "… is refused: ". */
  readonly reason: string;
  /** What to do instead. */
  readonly hint?: string;
}

type Extras = Partial<Pick<ContainerOption, "aliases" | "short" | "implemented">>;

type BooleanKey = {
  [K in keyof OptionDraft]: OptionDraft[K] extends boolean ? K : never;
}[keyof OptionDraft];

/** A boolean that becomes a field. */
export function flag(
  name: string,
  key: BooleanKey,
  help: string,
  extras: Extras = {},
): ContainerOption {
  return {
    name,
    type: "boolean",
    syntax: "",
    help,
    repeatable: false,
    implemented: true,
    ...extras,
    apply: (draft, value, report) => {
      const parsed = parseBoolean(value, report);
      if (parsed !== undefined) draft[key] = parsed;
    },
  };
}

/** A value that becomes a field; the last one counts. */
export function single<K extends keyof OptionDraft>(
  name: string,
  key: K,
  syntax: string,
  help: string,
  parse: ParseValue<OptionDraft[K]>,
  extras: Extras = {},
): ContainerOption {
  return {
    name,
    type: "string",
    syntax,
    help,
    repeatable: false,
    implemented: true,
    ...extras,
    apply: (draft, value, report) => {
      const parsed = parse(value, report);
      if (parsed !== undefined) draft[key] = parsed;
    },
  };
}

/** An option with a way of its own to change the draft. */
export function custom(
  name: string,
  syntax: string,
  help: string,
  apply: ContainerOption["apply"],
  extras: Extras & { readonly repeatable?: boolean } = {},
): ContainerOption {
  return {
    name,
    type: "string",
    syntax,
    help,
    repeatable: true,
    implemented: true,
    ...extras,
    apply,
  };
}

/** Taken, and without effect here. */
export function ignored(
  name: string,
  type: ContainerOption["type"],
  reason: string,
): ContainerOption {
  return {
    name,
    type,
    syntax: type === "string" ? "VALUE" : "",
    help: `ignored: ${reason}`,
    repeatable: true,
    implemented: true,
    apply: () => {},
  };
}

/** Repeatable; each value, or each item between commas as podman splits them, is appended. */
export function many<K extends ListKey>(
  name: string,
  key: K,
  syntax: string,
  help: string,
  parse: ParseValue<ItemOf<K>>,
  extras: Extras & { readonly commas?: boolean } = {},
): ContainerOption {
  const { commas = false, ...rest } = extras;
  return custom(name, syntax, help, (draft, value, report) => {
    const items = commas ? splitLocated(value, ",").map(trimLocated) : [value];
    const list = draft[key] as ItemOf<K>[];
    for (const item of items) {
      const parsed = parse(item, report);
      if (parsed !== undefined) list.push(parsed);
    }
  }, rest);
}

type ListKey = {
  [K in keyof OptionDraft]: OptionDraft[K] extends unknown[] ? K : never;
}[keyof OptionDraft];
type ItemOf<K extends ListKey> = OptionDraft[K] extends (infer T)[] ? T : never;
