/** Splits a kernel command line, or a file in its form, into words. */
import { type Located, sliceLocated, type Source } from "./located.ts";

/** One word of a command line, quotes dropped. */
export interface Token {
  /** What stands before the first `=`. */
  readonly key: Located;
  /** What follows the first `=`; undefined without one. */
  readonly value: Located | undefined;
  /** The word as written, quotes and all: `[start, end)` in the source. */
  readonly start: number;
  readonly end: number;
  /** Where the quote stands that is never closed: the word then runs to the end of the source. */
  readonly openQuote: number | undefined;
}

/** What the kernel's isspace() takes for white space, in ASCII; a byte order mark is no text. */
const BLANKS = " \t\n\v\f\r\u{feff}";

/**
 * Words split at white space outside double quotes. Quotes may stand anywhere in a word; inside
 * them `\"` is a quote and a line end is kept (CR LF as one). A `#` that begins a line outside
 * quotes begins a comment; a command line is a single line, and a `#` never begins it.
 */
export function parseTokens(source: Source): readonly Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  let at = 0;
  let atLineStart = true;
  while (at < text.length) {
    const char = text[at] ?? "";
    if (BLANKS.includes(char)) {
      if (char === "\n") atLineStart = true;
      at++;
    } else if (char === "#" && atLineStart) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
    } else {
      const token = parseToken(source, at);
      tokens.push(token);
      at = token.end;
      atLineStart = false;
    }
  }
  return tokens;
}

function parseToken(source: Source, start: number): Token {
  const { text } = source;
  const chars: string[] = [];
  const offsets: number[] = [];
  let openQuote: number | undefined;
  let at = start;
  for (; at < text.length; at++) {
    let char = text[at] ?? "";
    const place = at;
    if (char === '"') {
      openQuote = openQuote === undefined ? at : undefined;
      continue;
    }
    if (openQuote === undefined) {
      if (BLANKS.includes(char)) break;
    } else if (char === "\\" && text[at + 1] === '"') {
      char = '"';
      at++;
    } else if (char === "\r" && text[at + 1] === "\n") {
      continue;
    }
    chars.push(char);
    offsets.push(place);
  }
  offsets.push(at);
  const word: Located = { source, text: chars.join(""), offsets };
  const equals = word.text.indexOf("=");
  return {
    key: equals < 0 ? word : sliceLocated(word, 0, equals),
    value: equals < 0 ? undefined : sliceLocated(word, equals + 1),
    start,
    end: at,
    openQuote,
  };
}
