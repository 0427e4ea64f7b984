/** Test results out of a JUnit report, as `deno test` and vitest write it. */

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Adds up the report's suites. A test that was skipped counts as failed: what a machine cannot test
 * is not known to work.
 */
export function parseJunit(text: string): TestCounts {
  let [passed, failed] = [0, 0];
  for (const [, attributes = ""] of text.matchAll(/<testsuite\s([^>]*)>/g)) {
    const count = (name: string) =>
      Number(new RegExp(`(?:^|\\s)${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
    const bad = count("failures") + count("errors") + count("disabled") + count("skipped");
    passed += Math.max(0, count("tests") - bad);
    failed += bad;
  }
  return { passed, failed };
}

/**
 * What a run of tests comes to: one that failed without naming a test, or that ran none, is a
 * failure as well.
 */
export function planCounts(counts: TestCounts, exitStatus: number): TestCounts {
  const silent = counts.failed === 0 && (exitStatus !== 0 || counts.passed === 0);
  return silent ? { ...counts, failed: 1 } : counts;
}
