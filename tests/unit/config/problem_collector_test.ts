import { describe, expect, it } from "vitest";
import { locate, sliceLocated, type Source } from "../../../agent/config/located.ts";
import { ProblemCollector } from "../../../agent/config/problem_collector.ts";

/** A collector, the report of one word `key=value` that is a whole source, and its value. */
function open(text: string, essential = false) {
  const source: Source = { name: "test", text };
  const equals = text.indexOf("=");
  const collector = new ProblemCollector();
  const value = locate(source, equals + 1, text.length);
  const token = {
    key: locate(source, 0, equals),
    value,
    start: 0,
    end: text.length,
    openQuote: undefined,
  };
  const report = collector.openReport(token, essential);
  return { report, value, problems: () => collector.problems([source]), collector };
}

describe("ProblemCollector", () => {
  it("quotes the piece in the message", () => {
    const { report, value, problems } = open("a.b=16q", true);
    expect(report.error(value, "{} is no {}", "such as 1")).toBeUndefined();
    expect(report.errors).toBe(1);
    expect(problems()).toEqual([{
      directive: "a.b",
      text: "16q",
      message: '"16q" is no "16q"',
      severity: "error",
      essential: true,
      hint: "such as 1",
      place: { source: "test", lineNumber: 1, line: "a.b=16q", start: 4, end: 7 },
    }]);
  });

  it("knows what is essential: errors of essential directives", () => {
    const { report, value, problems } = open("a=b", true);
    report.warn(value, "doubtful");
    expect(report.errors).toBe(0);
    expect(problems()[0]?.essential).toBeUndefined();
  });

  it("masks secrets that are found after the mistake", () => {
    const { report, value, problems } = open("a=one,two,three");
    report.error(value, "{} is wrong");
    report.error(sliceLocated(value, 8), "{} is wrong");
    report.secret(sliceLocated(value, 4, 7));
    expect(problems().map(({ message }) => message)).toEqual([
      '"one,***,three" is wrong',
      '"three" is wrong',
    ]);
    const [, second] = problems();
    expect(second?.place).toMatchObject({ line: "a=one,***,three", start: 10, end: 15 });
    expect(report.masked(value)).toBe("one,***,three");
  });

  it("does not take a dollar in a value for a pattern", () => {
    const { report, value, problems } = open("a=$&$1");
    report.error(value, "{}!");
    expect(problems()[0]?.message).toBe('"$&$1"!');
  });

  it("shows the line that holds the mistake, and long values in part", () => {
    const { report, value, problems } = open(`a=one\ntwo\n${"x".repeat(1000)}`);
    report.error(sliceLocated(value, 4, 7), "{}");
    report.error(sliceLocated(value, 508, 510), "{}");
    report.error(value, "{}");
    const [whole, two, long] = problems();
    expect(two?.place).toEqual({ source: "test", lineNumber: 2, line: "two", start: 0, end: 3 });
    expect(long?.place?.line.length).toBe(402);
    expect(long?.place?.line.slice(long.place.start, long.place.end)).toBe("xx");
    expect(whole?.message.length).toBeLessThan(80);
  });

  it("keeps a few hundred problems, and one that is essential", () => {
    const { report, value, problems, collector } = open("a=b");
    for (let count = 0; count < 10_000; count++) report.warn(value, "again");
    const token = { key: value, value, start: 2, end: 3, openQuote: undefined };
    collector.openReport(token, true).error(value, "stop");
    expect(problems()).toHaveLength(501);
    expect(problems().some(({ essential }) => essential)).toBe(true);
  });
});
