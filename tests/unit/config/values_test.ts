import { describe, expect, it } from "vitest";
import {
  parseBoolean,
  parseChoice,
  parseInteger,
  parseList,
  parseName,
  parsePath,
  parseSeconds,
  parseSize,
} from "../../../agent/config/values.ts";
import { parseValue } from "../../support/parse_value.ts";

describe("parseSize", () => {
  it.each([
    { text: "0", wanted: 0 },
    { text: "512", wanted: 512 },
    { text: "512b", wanted: 512 },
    { text: "1k", wanted: 1024 },
    { text: "512M", wanted: 512 * 1024 ** 2 },
    { text: "16g", wanted: 16 * 1024 ** 3 },
    { text: "8GiB", wanted: 8 * 1024 ** 3 },
    { text: "8GB", wanted: 8 * 1024 ** 3 },
    { text: "1.5g", wanted: 1.5 * 1024 ** 3 },
    { text: "2T", wanted: 2 * 1024 ** 4 },
    { text: "16 g", wanted: 16 * 1024 ** 3 },
  ])("$text", ({ text, wanted }) => expect(parseValue(parseSize, text).value).toBe(wanted));

  it.each(["", "g", "16q", "-1g", "1,5g", "0x10", "1e9", "16gg", "NaN", "16g,", "sixteen"])(
    "refuses %s",
    (text) => {
      const { value, errors, problems } = parseValue(parseSize, text);
      expect(value).toBeUndefined();
      expect(errors[0]).toContain("is not a size");
      expect(problems[0]?.hint).toBe("such as 512m, 16g, 8GiB");
    },
  );

  it("refuses what no number holds exactly", () => {
    for (const text of ["99999999999999999999", "9000t", "8192p"]) {
      expect(parseValue(parseSize, text).errors[0]).toContain("is too large");
    }
  });
});

describe("parseInteger", () => {
  it.each([
    { text: "0", wanted: 0 },
    { text: "-1", wanted: -1 },
    { text: "+7", wanted: 7 },
    { text: "0010", wanted: 10 },
    { text: "100", wanted: 100 },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseInteger(-1, 100), text).value).toBe(wanted);
  });

  it.each(["", "101", "-2", "1.0", "1e1", "ten", "99999999999999999999", "0x1", "1 "])(
    "refuses %s",
    (text) =>
      expect(parseValue(parseInteger(-1, 100), text).errors).toEqual([
        `"${text}" is not a whole number from -1 to 100`,
      ]),
  );
});

describe("parseSeconds", () => {
  it.each([
    { text: "0", wanted: 0 },
    { text: "15", wanted: 15 },
    { text: "1.5", wanted: 1.5 },
    { text: "90s", wanted: 90 },
    { text: "2m", wanted: 120 },
    { text: "2min", wanted: 120 },
    { text: "1m30s", wanted: 90 },
    { text: "1h", wanted: 3600 },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseSeconds(3600), text).value).toBe(wanted);
  });

  it.each(["", "s", "-1", "3601", "2h", "15 s", "1e3", "soon", "999999999999999999999999"])(
    "refuses %s",
    (text) => expect(parseValue(parseSeconds(3600), text).errors).toHaveLength(1),
  );
});

describe("single words", () => {
  it.each([
    { text: "1", wanted: true },
    { text: "true", wanted: true },
    { text: "TRUE", wanted: true },
    { text: "t", wanted: true },
    { text: "0", wanted: false },
    { text: "False", wanted: false },
  ])("boolean $text", ({ text, wanted }) => {
    expect(parseValue(parseBoolean, text).value).toBe(wanted);
  });

  it.each(["", "yes", "2", "on", "treu"])("refuses the boolean %s", (text) => {
    expect(parseValue(parseBoolean, text).errors).toEqual([`"${text}" is neither true nor false`]);
  });

  it("names the nearest choice", () => {
    const { errors, problems } = parseValue(parseChoice(["always", "never"]), "alway");
    expect(errors).toEqual(['"alway" is none of always, never']);
    expect(problems[0]?.hint).toBe("write always");
    expect(parseValue(parseChoice(["always"]), "Always").value).toBeUndefined();
  });

  it.each(["a", "A-b_c.d", "0", "x".repeat(128)])("takes the name %s", (text) => {
    expect(parseValue(parseName("a thing"), text).value).toBe(text);
  });

  it.each(["", "-a", ".a", "a b", "a/b", "é", "x".repeat(129), "a\0"])(
    "refuses the name %s",
    (text) => expect(parseValue(parseName("a thing"), text).errors[0]).toContain("a thing"),
  );

  it("wants absolute paths", () => {
    expect(parseValue(parsePath("a file"), "/a b").value).toBe("/a b");
    expect(parseValue(parsePath("a file"), "a").errors).toEqual([
      '"a" is not the absolute path of a file',
    ]);
  });

  it("reports every bad item of a list", () => {
    const parse = parseList("|", parseInteger(0, 9));
    expect(parseValue(parse, "1| 2 |3").value).toEqual([1, 2, 3]);
    const { value, errors } = parseValue(parse, "1|x|3|99");
    expect(value).toBeUndefined();
    expect(errors).toHaveLength(2);
  });
});
