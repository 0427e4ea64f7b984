/** What can be wrong with any word, whatever its directive. */
import type { Directive } from "./directive.ts";
import { locate, type Located, sliceLocated } from "./located.ts";
import type { ProblemCollector, Report } from "./problem_collector.ts";
import { findUrlSecrets } from "./secret_spans.ts";
import type { Token } from "./tokens.ts";

/** False when there is no value to parse. */
export function checkPresence(directive: Directive, token: Token, report: Report): boolean {
  if (token.value && (token.value.text !== "" || directive.mayBeEmpty)) return true;
  const hint = `write ${token.key.text}=${directive.syntax}`;
  const message = token.value ? "the value is empty" : "the directive has no value";
  // A script with an unset variable writes such a word: it asks for the default.
  const isFatal = directive.essential && directive.repeatable;
  if (isFatal || !token.value) report.error(token.key, message, hint);
  else report.warn(token.key, `${message}: it counts as not given`, hint);
  return false;
}

/** Secrets are hidden before anything is said about the value. */
export function hideSecrets(value: Located, report: Report): void {
  for (const { start, end } of findUrlSecrets(value.text)) {
    report.secret(sliceLocated(value, start, end));
  }
}

/**
 * False when a quote is never closed and the word has swallowed other directives, or a part of
 * them: what it means cannot be told then.
 */
export function checkQuote(token: Token, collector: ProblemCollector): boolean {
  if (token.openQuote === undefined) return true;
  const { source } = token.key;
  const quote = locate(source, token.openQuote, token.openQuote + 1);
  const swallowed = source.text.slice(quote.offsets[1], token.end);
  const report = collector.openReport(token, true);
  const message = "the quote that begins here is never closed: all that follows belongs to it";
  // Quotes pair up wrongly after one that is missing: then another directive stands inside.
  const before = source.text.slice(token.start, token.openQuote);
  const inside = /\s(b2c\.[a-z_]+)=/.exec(before)?.[1];
  const hint = inside ? `is a " missing before ${inside}?` : 'close it with another "';
  const hasSwallowed = /\sb2c\./.test(swallowed);
  if (hasSwallowed) {
    // It is shown up to here only: secrets of the others cannot be told apart.
    report.secret(locate(source, token.openQuote + 1 + swallowed.search(/\s/), token.end));
  }
  if (hasSwallowed || token.key.text.startsWith("b2c.")) report.error(quote, message, hint);
  else report.warn(quote, message, hint);
  return !hasSwallowed && inside === undefined;
}

/** False when the value holds what no value can. */
export function checkCharacters(value: Located, report: Report): boolean {
  const nul = value.text.indexOf("\0");
  if (nul >= 0) {
    report.error(sliceLocated(value, nul, nul + 1), "the value holds a NUL character");
    return false;
  }
  const [quote] = /^[\u2018-\u201f\u00ab]/.exec(value.text) ?? [];
  if (quote) {
    const at = sliceLocated(value, 0, 1);
    report.error(at, `${quote} is a typographic quote, which does not quote`, 'write " instead');
    return false;
  }
  if (/^'[^']*$/.test(value.text)) {
    const at = sliceLocated(value, 0, 1);
    report.error(
      at,
      "a single quote does not hold words together here",
      'write " around the value',
    );
    return false;
  }
  const space = value.text.search(/[\u00a0\u200b\u202f]/);
  if (space >= 0) {
    const at = sliceLocated(value, space, space + 1);
    report.warn(at, "a space that does not break stands here: it separates nothing");
  }
  return true;
}
