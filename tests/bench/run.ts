/**
 * `deno task bench [pull] [--rounds N]`: benchmarks against other programs. The exit status is 1
 * when one misses what it must reach.
 */
// @ts-types="../../agent/types/std_cli.d.ts"
import { parseArgs } from "@std/cli/parse-args";
import { AgentError, describe } from "../../agent/errors.ts";
import { say } from "../../initramfs/say.ts";
import { runPullBench } from "./pull.ts";

const BENCHES = { pull: runPullBench } as const;
const DEFAULT_ROUNDS = 5;

if (import.meta.main) Deno.exit(await runBenches(Deno.args));

/** @returns the exit status: 2 when a benchmark could not run */
export async function runBenches(argv: readonly string[]): Promise<number> {
  try {
    const { names, rounds } = parseBenchOptions(argv);
    let status = 0;
    for (const name of names) status = Math.max(status, await BENCHES[name]({ rounds }));
    return status;
  } catch (error) {
    say(describe(error));
    return 2;
  }
}

type BenchName = keyof typeof BENCHES;

/** @throws AgentError for a benchmark that there is not, or rounds that are no number */
export function parseBenchOptions(
  argv: readonly string[],
): { readonly names: readonly BenchName[]; readonly rounds: number } {
  const parsed = parseArgs(argv, { string: ["rounds", "_"] });
  const names = parsed._.map(String);
  const known = Object.keys(BENCHES) as BenchName[];
  const unknown = names.find((name) => !known.some((other) => other === name));
  if (unknown !== undefined) {
    throw new AgentError(`Cannot run benchmark ${unknown}: there are ${known.join(", ")}`);
  }
  const rounds = Number(parsed["rounds"] ?? DEFAULT_ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new AgentError("Cannot run benchmarks: --rounds takes a number from 1 on");
  }
  return { names: names.length === 0 ? known : names as BenchName[], rounds };
}
