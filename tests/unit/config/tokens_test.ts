import { describe, expect, it } from "vitest";
import { spanOf } from "../../../agent/config/located.ts";
import { parseTokens } from "../../../agent/config/tokens.ts";

/** Keys and values alone. */
function split(text: string): readonly (readonly [string, string?])[] {
  return parseTokens({ name: "test", text }).map(({ key, value }) =>
    value ? [key.text, value.text] : [key.text]
  );
}

describe("parseTokens", () => {
  it.each([
    { text: "", words: [] },
    { text: " \t\n ", words: [] },
    { text: "quiet a=b", words: [["quiet"], ["a", "b"]] },
    { text: "a=b\tc=d\ve=f\n", words: [["a", "b"], ["c", "d"], ["e", "f"]] },
    { text: 'run="-ti alpine"', words: [["run", "-ti alpine"]] },
    { text: '"run=-ti alpine"', words: [["run", "-ti alpine"]] },
    { text: 'run=-ti" "al"pi"ne', words: [["run", "-ti alpine"]] },
    { text: 'run="sh -c \\"exit 3\\""', words: [["run", 'sh -c "exit 3"']] },
    { text: "a=\\b c=\\\\", words: [["a", "\\b"], ["c", "\\\\"]] },
    { text: 'a=\\"b c\\" d"', words: [["a", '\\b c" d']] },
    { text: 'a="b\nc"', words: [["a", "b\nc"]] },
    { text: 'a="b\r\nc"\r\nd=e\r\n', words: [["a", "b\nc"], ["d", "e"]] },
    { text: "a=b=c", words: [["a", "b=c"]] },
    { text: "a= b", words: [["a", ""], ["b"]] },
    { text: 'a="" b', words: [["a", ""], ["b"]] },
    { text: "=a", words: [["", "a"]] },
    {
      text: "# all\n  # comment\na=b # no comment",
      words: [["a", "b"], ["#"], ["no"], ["comment"]],
    },
    { text: 'a="b\n# kept"', words: [["a", "b\n# kept"]] },
    { text: "\u{feff}a=b", words: [["a", "b"]] },
    { text: "a=b\0c", words: [["a", "b\0c"]] },
    { text: "a=b\u00a0c", words: [["a", "b\u00a0c"]] },
    { text: "a='b c'", words: [["a", "'b"], ["c'"]] },
  ])("$text", ({ text, words }) => expect(split(text)).toEqual(words));

  it("gives words and characters their places", () => {
    const [, token] = parseTokens({ name: "test", text: 'x run="a \\"b\\""' });
    expect([token?.start, token?.end]).toEqual([2, 15]);
    expect(token?.value?.text).toBe('a "b"');
    expect(token?.value?.offsets).toEqual([7, 8, 9, 11, 12, 15]);
    expect(spanOf(token!.value!)).toEqual({ start: 7, end: 13 });
  });

  it.each([
    { text: 'a="b c', open: 2, value: "b c" },
    { text: 'a="b" c="d e', open: 8, value: "d e" },
    { text: 'a="b\\"', open: 2, value: 'b"' },
    { text: 'a="', open: 2, value: "" },
  ])("notes the open quote of $text", ({ text, open, value }) => {
    const token = parseTokens({ name: "test", text }).at(-1);
    expect(token?.openQuote).toBe(open);
    expect(token?.value?.text).toBe(value);
  });
});
