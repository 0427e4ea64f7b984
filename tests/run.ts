/**
 * `deno task test [unit|integration|boot]…`: runs the tests, all of them by default. The last line
 * is `N passed, N failed`; the exit status is 1 when anything failed or could not run.
 */
import { AgentError, describe } from "../agent/errors.ts";
import { printConsole, say } from "../initramfs/say.ts";
import { type GroupResult, runGroup, type TestGroup } from "./support/run_group.ts";
import { GROUP_NAMES, type GroupName, parsePackages, planGroups } from "./support/test_groups.ts";

const REPORTS = "out/test";
const VITEST = "vitest@3.2.4";

if (import.meta.main) Deno.exit(await runTests(Deno.args));

/** @returns the exit status */
export async function runTests(names: readonly string[]): Promise<number> {
  const results: GroupResult[] = [];
  try {
    const packages = [VITEST, ...await readPackages()];
    await Deno.mkdir(REPORTS, { recursive: true });
    for (const name of parseNames(names)) {
      for (const group of planGroups(name, Deno.execPath(), REPORTS, packages)) {
        results.push(await runOrFail(group));
      }
    }
  } catch (error) {
    say(describe(error));
    return 2;
  }
  printConsole(`\n${renderSummary(results)}\n`);
  return results.every((result) => result.failed === 0) ? 0 : 1;
}

async function runOrFail(group: TestGroup): Promise<GroupResult> {
  try {
    await group.prepare?.();
    return await runGroup(group, printConsole);
  } catch (error) {
    say(`${group.name}: ${describe(error)}`);
    return { name: group.name, ms: 0, passed: 0, failed: 1 };
  }
}

/** @throws AgentError for a name that is none of the groups */
function parseNames(names: readonly string[]): readonly GroupName[] {
  if (names.length === 0) return GROUP_NAMES;
  return names.map((name) => {
    const known = GROUP_NAMES.find((each) => each === name);
    if (known) return known;
    throw new AgentError(`Cannot test ${name}: no such group`, {
      hint: `one of ${GROUP_NAMES.join(", ")}`,
    });
  });
}

function renderSummary(results: readonly GroupResult[]): string {
  const sum = (key: "passed" | "failed") => results.reduce((all, each) => all + each[key], 0);
  const lines = results.map(({ name, passed, failed, ms }) =>
    `${name.padEnd(14)}${passed} passed, ${failed} failed, ${(ms / 1000).toFixed(1)} s`
  );
  return [...lines, `${sum("passed")} passed, ${sum("failed")} failed`].join("\n");
}

async function readPackages(): Promise<readonly string[]> {
  const settings = JSON.parse(await Deno.readTextFile("deno.json"));
  return parsePackages(settings.scopes["./"]).filter((name) => !/vitest|^chai@/.test(name));
}
