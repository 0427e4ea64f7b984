/** Finds what looks like a secret inside a text. Each pattern takes time linear in its length. */
import type { Span } from "./located.ts";

/** The names that agent/redact.ts masks too; a unit test holds the two together. */
const SECRET_NAME = /secret|token|passw|key|credential/i;
const SIGNATURE_NAME = /sig/i;

const URL_USER = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/([^\s/?#"'@]+)@/gid;
const QUERY_ITEM = /[?&]([^=&?\s"']*)=([^&\s"']+)/gd;
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
  const query = [...text.matchAll(QUERY_ITEM)].filter(([, name = ""]) =>
    isSecretName(name) || SIGNATURE_NAME.test(name)
  );
  return [
    ...[...text.matchAll(URL_USER)].map((match) => spanOfGroup(match, 1)),
    ...query.map((match) => spanOfGroup(match, 2)),
    ...[...text.matchAll(AUTHORIZATION)].map((match) => spanOfGroup(match, 1)),
    ...[...text.matchAll(SECRET_DIRECTIVE)].map((match) => spanOfGroup(match, 1)),
  ];
}

/** Places of the values of `NAME=value` whose name tells a secret, and of what URLs hide. */
export function findSecrets(text: string): readonly Span[] {
  return [...findUrlSecrets(text), ...findAssignedSecrets(text)];
}

function findAssignedSecrets(text: string): readonly Span[] {
  const spans: Span[] = [];
  let covered = 0;
  for (const match of text.matchAll(ASSIGNED_NAME)) {
    const start = match.index + match[0].length;
    if (start <= covered || !isSecretName(match[1] ?? "")) continue;
    ASSIGNED_VALUE.lastIndex = start;
    covered = start + (ASSIGNED_VALUE.exec(text)?.[0].length ?? 0);
    spans.push({ start, end: covered });
  }
  return spans;
}

function spanOfGroup(match: RegExpMatchArray, group: number): Span {
  const [start, end] = match.indices?.[group] ?? [0, 0];
  return { start, end };
}
