import { describe, expect, it } from "vitest";
import { seededRandom } from "../../support/random.ts";

describe("seededRandom", () => {
  it("gives the same for the same seed, and something else for another", () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => random.between(0, 1000));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it("stays within its bounds and reaches them", () => {
    const random = seededRandom(3);
    const drawn = Array.from({ length: 1000 }, () => random.between(2, 4));
    expect([...new Set(drawn)].sort()).toEqual([2, 3, 4]);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
