import { describe, expect, it } from "vitest";
import { findMisses, medianOf, renderTable, summarize } from "../../bench/rounds.ts";

const round = (ms: number, peakBytes = 100e6) => ({ ms, cpuMs: 2 * ms, peakBytes });

describe("rounds", () => {
  it("have a median", () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
    expect(() => medianOf([])).toThrow(RangeError);
  });

  it("are summed up: median times, highest peak", () => {
    expect(summarize([round(1000), round(3000, 120e6), round(2000)])).toEqual({
      medianMs: 2000,
      minMs: 1000,
      maxMs: 3000,
      medianCpuMs: 4000,
      peakBytes: 120e6,
    });
  });

  it("are shown as a table, times related to the first of the same image and target", () => {
    const series = [
      { image: "a", target: "tmpfs", puller: "one", rounds: [round(1000)] },
      { image: "a", target: "tmpfs", puller: "other", rounds: [round(4500)] },
      { image: "b", target: "tmpfs", puller: "one", rounds: [round(2000)] },
    ];
    expect(renderTable(series)).toBe(
      [
        "image  target  puller  median        min-max     CPU    peak  ratio",
        "-----  ------  ------  ------  -------------  ------  ------  -----",
        "a      tmpfs   one     1.00 s  1.00 s-1.00 s  2.00 s  100 MB   1.00",
        "a      tmpfs   other   4.50 s  4.50 s-4.50 s  9.00 s  100 MB   4.50",
        "b      tmpfs   one     2.00 s  2.00 s-2.00 s  4.00 s  100 MB   1.00",
        "",
      ].join("\n"),
    );
  });

  it("miss a bar, or do not", () => {
    const bar = { minRatio: 4, maxPeakBytes: 250e6 };
    const [fast, slow, large] = [[round(1000)], [round(3900)], [round(900, 300e6)]].map(summarize);
    expect(findMisses(fast!, summarize([round(4000)]), bar)).toEqual([]);
    expect(findMisses(fast!, slow!, bar)).toEqual(["3.90 times as fast, not 4.0"]);
    expect(findMisses(large!, slow!, bar)).toEqual(["peak of 300 MB, not 250 MB"]);
  });
});
