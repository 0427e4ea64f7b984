import { describe, expect, it } from "vitest";
import { parseSourceDate } from "../../../../initramfs/build/options.ts";

describe("parseSourceDate", () => {
  it("reads seconds", () => {
    expect(parseSourceDate("1747699200")).toBe(1747699200);
    expect(parseSourceDate("0")).toBe(0);
  });

  it("leaves the choice where nothing is given", () => {
    expect(parseSourceDate(undefined)).toBeUndefined();
    expect(parseSourceDate("")).toBeUndefined();
  });

  it.each(["yesterday", "-1", "1.5", "99999999999"])("refuses %j", (text) => {
    expect(() => parseSourceDate(text)).toThrow("Cannot use SOURCE_DATE_EPOCH");
  });
});
