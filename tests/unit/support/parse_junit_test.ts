import { describe, expect, it } from "vitest";
import { parseJunit, planCounts } from "../../support/parse_junit.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="10" failures="1" errors="0" time="0.204">
  <testsuite name="a_test.ts" tests="9" disabled="0" errors="0" failures="1">
    <testcase name="x &gt; tests=&quot;5&quot;" time="0.0"></testcase>
  </testsuite>
  <testsuite name="b_test.ts" timestamp="2026" tests="3" failures="0" errors="1" skipped="1" time="1">
  </testsuite>
</testsuites>`;

describe("parseJunit", () => {
  it("adds up suites; a skipped test is none that passed", () => {
    expect(parseJunit(REPORT)).toEqual({ passed: 9, failed: 3 });
  });

  it("finds nothing in an empty report", () => {
    expect(parseJunit("")).toEqual({ passed: 0, failed: 0 });
  });
});

describe("planCounts", () => {
  it.each([
    { name: "all is well", counts: { passed: 2, failed: 0 }, status: 0, failed: 0 },
    { name: "a test failed", counts: { passed: 2, failed: 1 }, status: 1, failed: 1 },
    { name: "a file could not be loaded", counts: { passed: 2, failed: 0 }, status: 1, failed: 1 },
    { name: "nothing ran", counts: { passed: 0, failed: 0 }, status: 0, failed: 1 },
  ])("counts $failed failures when $name", ({ counts, status, failed }) => {
    expect(planCounts(counts, status).failed).toBe(failed);
  });
});
