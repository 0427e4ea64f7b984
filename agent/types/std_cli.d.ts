/** The part of `@std/cli/parse-args` in use; the package that carries it has no types. */

export interface ParseOptions {
  /** Options that take a value. */
  readonly string?: readonly string[];
  /** Options that take none. */
  readonly boolean?: readonly string[];
  /** Options whose values add up to a list. */
  readonly collect?: readonly string[];
  /** Puts what follows `--` into a list of its own. */
  readonly "--"?: boolean;
  /** Called for what no list above names; false: leave it out. `key` is unset for plain words. */
  readonly unknown?: (argument: string, key?: string, value?: unknown) => boolean;
}

export interface ParsedArguments {
  /** Plain words. */
  readonly _: readonly (string | number)[];
  readonly "--"?: readonly string[];
  readonly [name: string]: unknown;
}

export function parseArgs(argv: readonly string[], options?: ParseOptions): ParsedArguments;
