import { describe, expect, it } from "vitest";
import { createProgressReport, renderProgress } from "../../agent/progress.ts";

describe("createProgressReport", () => {
  it("writes every five seconds, with the rate since the last line", () => {
    let now = 0;
    const lines: string[] = [];
    const report = createProgressReport({ uptime: () => now }, (line) => lines.push(line));
    const total = 100e6;
    report({ done: 1e6, total });
    now = 4999;
    report({ done: 20e6, total });
    expect(lines).toEqual([]);
    now = 5000;
    report({ done: 25e6, total });
    now = 9000;
    report({ done: 90e6, total });
    now = 10_000;
    report({ done: 95e6, total });
    expect(lines).toEqual(["25 % of 100.0 MB, 5.0 MB/s", "95 % of 100.0 MB, 14.0 MB/s"]);
  });
});

describe("renderProgress", () => {
  it("does without a total", () => {
    expect(renderProgress({ done: 88.44e6, total: 0 }, 1e6)).toBe("88.4 MB, 1.0 MB/s");
  });
});
