/** Finds what looks like a secret inside a text. Each pattern takes time linear in its length. */
import type { Span } from "./located.ts";

/** The names that agent/redact.ts masks too; a unit test holds the two together. */
const SECRET_NAME =
  /secret|token|passw|key|credential|private|auth(?!or(?!i))|pem(?![a-z])|(?<![a-z])pat(?![a-z])/i;
const SIGNATURE_NAME = /sig/i;

const AUTHORITY = /[^/?#]*/y;
const WORD = /[^\s"']+/g;
const QUERY_NAME = /[?&]([^=&?\s"']*)=/g;
const QUERY_VALUE = /[^&\s"']*/y;
const AUTHORIZATION = /\b(?:Bearer|Basic)\s{1,8}([A-Za-z0-9+/=._~-]+)/gd;
const ASSIGNED_NAME = /(?<![A-Za-z0-9_.])([A-Za-z_][A-Za-z0-9_.-]*)=/g;
const ASSIGNED_VALUE = /[^\s;&|"'`]+/y;
// A directive inside a value: a quote is missing somewhere before it.
const SECRET_DIRECTIVE = /\bb2c\.(?:minio|login|volume)=(\S+)/gd;

/** True for the name of a variable or option whose value must not be shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * Places of user:password of URLs, of signed query values, of authorization values, and of the
 * values of directives that got into the text.
 */
export function findUrlSecrets(text: string): readonly Span[] {
  return [
    ...[...text.matchAll(WORD)].flatMap((match) => findUrlUsers(match[0], match.index)),
    ...findValues(text, QUERY_NAME, QUERY_VALUE, isSecretItem),
    ...[...text.matchAll(AUTHORIZATION)].map((match) => spanOfGroup(match, 1)),
    ...[...text.matchAll(SECRET_DIRECTIVE)].map((match) => spanOfGroup(match, 1)),
  ];
}

/** Places of the values of `NAME=value` whose name tells a secret, and of what URLs hide. */
export function findSecrets(text: string): readonly Span[] {
  return [
    ...findUrlSecrets(text),
    ...findValues(text, ASSIGNED_NAME, ASSIGNED_VALUE, isSecretName),
  ];
}

function isSecretItem(name: string): boolean {
  return isSecretName(name) || SIGNATURE_NAME.test(name);
}

/** By the rule that agent/redact.ts explains; `offset`: of the word in its text. */
function findUrlUsers(word: string, offset: number): readonly Span[] {
  if (!word.includes("://")) return [];
  const spans: Span[] = [];
  const lastAt = findLastAt(word);
  for (let mark = word.indexOf("://"); mark >= 0;) {
    const start = mark + 3;
    const authority = word.slice(start, findAuthorityEnd(word, start));
    const ownAt = start + authority.lastIndexOf("@");
    const end = authority.includes(":") ? Math.max(ownAt, lastAt) : ownAt;
    if (end > start) spans.push({ start: offset + start, end: offset + end });
    mark = word.indexOf("://", Math.max(start, end));
  }
  return spans;
}

/** The last `@` that no digest follows, -1: there is none. */
function findLastAt(word: string): number {
  let last = -1;
  for (const { index } of word.matchAll(/@(?!sha\d+:)/g)) last = index;
  return last;
}

function findAuthorityEnd(word: string, start: number): number {
  AUTHORITY.lastIndex = start;
  return start + (AUTHORITY.exec(word)?.[0].length ?? 0);
}

/** Values behind names; what lies in one already is not looked at again. */
function findValues(
  text: string,
  names: RegExp,
  value: RegExp,
  isSecret: (name: string) => boolean,
): readonly Span[] {
  const spans: Span[] = [];
  let covered = 0;
  for (const match of text.matchAll(names)) {
    const start = match.index + match[0].length;
    if (start <= covered || !isSecret(match[1] ?? "")) continue;
    value.lastIndex = start;
    covered = start + (value.exec(text)?.[0].length ?? 0);
    spans.push({ start, end: covered });
  }
  return spans;
}

function spanOfGroup(match: RegExpMatchArray, group: number): Span {
  const [start, end] = match.indices?.[group] ?? [0, 0];
  return { start, end };
}
