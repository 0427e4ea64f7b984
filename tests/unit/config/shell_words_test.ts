import { describe, expect, it } from "vitest";
import { spanOf } from "../../../agent/config/located.ts";
import { parseShellWords } from "../../../agent/config/shell_words.ts";
import { parseValue } from "../../support/parse_value.ts";

function split(text: string) {
  const { value, problems, warnings, errors } = parseValue(parseShellWords, text);
  return { words: value?.map((word) => word.text), problems, warnings, errors };
}

describe("parseShellWords", () => {
  it.each([
    { text: "", words: [] },
    { text: "  \t\n ", words: [] },
    { text: "a b  c\td\ne", words: ["a", "b", "c", "d", "e"] },
    { text: "sh -c 'exit 3'", words: ["sh", "-c", "exit 3"] },
    { text: 'sh -c "exit 3"', words: ["sh", "-c", "exit 3"] },
    { text: `a"b c"'d e'f`, words: ["ab cd ef"] },
    { text: `'' ""`, words: ["", ""] },
    { text: "a\\ b \\'c\\\" \\\\", words: ["a b", `'c"`, "\\"] },
    { text: `"a\\"b\\\\c\\d\\$e"`, words: [`a"b\\c\\d$e`] },
    { text: `'a\\b"c'`, words: [`a\\b"c`] },
    { text: "a\\\nb \\\n c", words: ["ab", "c"] },
    { text: `"a\\\nb"`, words: ["ab"] },
    { text: "end\\", words: ["end\\"] },
    { text: "a\r\nb", words: ["a", "b"] },
    { text: "* ? ~ {a,b} #c", words: ["*", "?", "~", "{a,b}", "#c"] },
    {
      text: `'$HOME' '\`x\`' '$(x)' 'a;b' \\$x \\; \\\``,
      words: ["$HOME", "`x`", "$(x)", "a;b", "$x", ";", "`"],
    },
    { text: `"a; b" "a && b" $ "$ " a$`, words: ["a; b", "a && b", "$", "$ ", "a$"] },
    { text: "http://h/?a=1&b=2|c>d", words: ["http://h/?a=1&b=2|c>d"] },
  ])(
    "$text",
    ({ text, words }) =>
      expect(split(text)).toEqual({ words, problems: [], warnings: [], errors: [] }),
  );

  it.each([
    { text: "a $HOME", at: "$HOME", message: "$HOME is taken literally: nothing is expanded" },
    { text: 'a "$HOME/x"', at: "$HOME", message: "$HOME is taken literally: nothing is expanded" },
    { text: "a ${HOME}", at: "${", message: "${…} is taken literally: nothing is expanded" },
    { text: "a $(id)", at: "$(", message: "$(…) is taken literally: nothing is expanded" },
    { text: "a $?", at: "$?", message: "$? is taken literally: nothing is expanded" },
    { text: "a; b", at: ";", message: "; is taken literally: no shell reads this text" },
    { text: "a && b", at: "&&", message: "&& is taken literally: no shell reads this text" },
    { text: "a | b", at: "|", message: "| is taken literally: no shell reads this text" },
    { text: "a > b", at: ">", message: "> is taken literally: no shell reads this text" },
    {
      text: "a \u201cb",
      at: "\u201c",
      message: "\u201c is no quote here, but a character like any other",
    },
  ])("warns of $text", ({ text, at, message }) => {
    const { problems, warnings, errors, words } = split(text);
    expect(warnings).toEqual([message]);
    expect(errors).toEqual([]);
    expect(problems[0]?.text).toBe(at);
    expect(words?.length).toBeGreaterThan(1);
  });

  it("warns of each backtick", () => {
    expect(split("a `id`").warnings).toHaveLength(2);
  });

  it.each([
    {
      text: "sh -c 'exit 3",
      column: 14,
      message: "the single quote that begins here is never closed",
    },
    {
      text: 'sh -c "exit 3',
      column: 14,
      message: "the double quote that begins here is never closed",
    },
    { text: "don't", column: 11, message: "the single quote that begins here is never closed" },
    { text: '"a\\"', column: 8, message: "the double quote that begins here is never closed" },
  ])("refuses $text", ({ text, column, message }) => {
    const { words, problems, errors } = split(text);
    expect(words).toBeUndefined();
    expect(errors).toEqual([message]);
    expect(problems[0]?.place?.start).toBe(column + 1);
  });

  it("gives words their places", () => {
    const { value } = parseValue(parseShellWords, `a 'b c' ""`);
    expect(value?.map(spanOf)).toEqual([{ start: 9, end: 10 }, { start: 12, end: 15 }, {
      start: 17,
      end: 17,
    }]);
  });
});
