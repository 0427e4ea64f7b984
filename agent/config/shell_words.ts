/** Splits container text as a POSIX shell splits words; nothing is expanded. */
import { type Located, sliceLocated } from "./located.ts";
import type { Report } from "./problem_collector.ts";

/** What separates words; CR too, as files made elsewhere bring it along. */
const BLANKS = " \t\n\r";
/** What a backslash escapes inside double quotes (POSIX shell, 2.2.3). */
const ESCAPABLE = '$`"\\\n';
const TYPOGRAPHIC_QUOTES = /[\u2018-\u201f\u00ab\u00bb]/;
const QUOTE_HINT = "write ' or \\\" instead";

/** Words that tell a shell to do something; inside a longer word (a URL's &) they are harmless. */
const OPERATOR_WORD = /^(&&?|\|\|?|>>?|<)(?:\s|$)/;

interface Cursor {
  readonly input: Located;
  readonly report: Report;
  at: number;
  /** Of the word at hand. */
  chars: string[];
  offsets: number[];
}

/**
 * The words of a text. Single quotes keep everything, double quotes and backslash as in a shell.
 * What a shell would expand or run is taken literally, with a warning.
 * @returns undefined when a quote is never closed (then reported)
 */
export function parseShellWords(input: Located, report: Report): readonly Located[] | undefined {
  const cursor: Cursor = { input, report, at: 0, chars: [], offsets: [] };
  const words: Located[] = [];
  const { text } = input;
  for (;;) {
    while (cursor.at < text.length && BLANKS.includes(text[cursor.at] ?? "")) cursor.at++;
    if (cursor.at >= text.length) return words;
    if (text.startsWith("\\\n", cursor.at)) {
      cursor.at += 2;
      continue;
    }
    const start = cursor.at;
    if (!readWord(cursor)) return undefined;
    const end = input.offsets[cursor.at] ?? 0;
    const { chars, offsets } = cursor;
    const word = { source: input.source, text: chars.join(""), offsets: [...offsets, end] };
    // An empty word still has a place to point at: its quotes.
    words.push(word.text === "" ? { ...sliceLocated(input, start, start), text: "" } : word);
    cursor.chars = [];
    cursor.offsets = [];
  }
}

/** Takes one word; false when its quote is never closed. */
function readWord(cursor: Cursor): boolean {
  const { text } = cursor.input;
  while (cursor.at < text.length) {
    const char = text[cursor.at] ?? "";
    if (BLANKS.includes(char)) return true;
    if (char === "'" || char === '"') {
      if (!(char === "'" ? readSingleQuoted(cursor) : readDoubleQuoted(cursor))) return false;
    } else if (char === "\\" && cursor.at + 1 < text.length) {
      cursor.at++;
      if (text[cursor.at] === "\n") cursor.at++;
      else take(cursor);
    } else {
      warnOfOperator(cursor);
      warnOfExpansion(cursor);
      take(cursor);
    }
  }
  return true;
}

function readSingleQuoted(cursor: Cursor): boolean {
  const { text } = cursor.input;
  const open = cursor.at++;
  while (cursor.at < text.length && text[cursor.at] !== "'") take(cursor);
  return closeQuote(cursor, open, "single");
}

function readDoubleQuoted(cursor: Cursor): boolean {
  const { text } = cursor.input;
  const open = cursor.at++;
  while (cursor.at < text.length && text[cursor.at] !== '"') {
    if (text[cursor.at] === "\\" && ESCAPABLE.includes(text[cursor.at + 1] ?? "none")) {
      cursor.at++;
      if (text[cursor.at] === "\n") cursor.at++;
      else take(cursor);
      continue;
    }
    warnOfExpansion(cursor);
    take(cursor);
  }
  return closeQuote(cursor, open, "double");
}

function closeQuote(cursor: Cursor, open: number, kind: "single" | "double"): boolean {
  if (cursor.at < cursor.input.text.length) {
    cursor.at++;
    return true;
  }
  const quote = sliceLocated(cursor.input, open, open + 1);
  const hint = kind === "single"
    ? "close it with another ', or write an apostrophe as \\'"
    : 'close it with another \\", or drop it';
  cursor.report.error(quote, `the ${kind} quote that begins here is never closed`, hint);
  return false;
}

function take(cursor: Cursor): void {
  cursor.chars.push(cursor.input.text[cursor.at] ?? "");
  cursor.offsets.push(cursor.input.offsets[cursor.at] ?? 0);
  cursor.at++;
}

/** Parts of a word that a shell replaces, also inside double quotes. */
function warnOfExpansion(cursor: Cursor): void {
  const { input, at, report } = cursor;
  if (input.text[at] === "`") {
    report.warn(
      sliceLocated(input, at, at + 1),
      "a backtick is taken literally: no command is run for it",
      "put it in single quotes, or run it inside the container: sh -c '…'",
    );
  } else if (input.text[at] === "$") {
    const rest = input.text.slice(at, at + 64);
    const found = /^\$(?:\(|\{|[A-Za-z_][A-Za-z0-9_]*|[0-9?$#@*!-])/.exec(rest)?.[0];
    if (found === undefined) return;
    const shown = found === "$(" ? "$(…)" : found === "${" ? "${…}" : found;
    report.warn(
      sliceLocated(input, at, at + found.length),
      `${shown} is taken literally: nothing is expanded`,
      "put it in single quotes, or let the container's shell expand it: sh -c '…'",
    );
  }
}

/** Characters outside quotes that end a command for a shell, or that look like quotes. */
function warnOfOperator(cursor: Cursor): void {
  const { input, at, report } = cursor;
  const char = input.text[at] ?? "";
  const piece = sliceLocated(input, at, at + 1);
  const operator = cursor.chars.length === 0 && OPERATOR_WORD.exec(input.text.slice(at, at + 4));
  if (char === ";" || operator) {
    const shown = operator ? operator[1] ?? char : char;
    report.warn(
      sliceLocated(input, at, at + shown.length),
      `${shown} is taken literally: no shell reads this text`,
      "put it in single quotes, or let the container's shell read it: sh -c '…'",
    );
  } else if (TYPOGRAPHIC_QUOTES.test(char)) {
    report.warn(piece, `${char} is no quote here, but a character like any other`, QUOTE_HINT);
  }
}
