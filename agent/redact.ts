/** Keeps secrets off the console. Everything that is shown passes through here. */

/** What stands where a secret stood. */
export const MASK = "***";

// AUTH and AUTHORIZATION, but not AUTHOR; PAT as a part of a name, but not PATH.
const SECRET_NAME =
  /secret|token|passw|key|credential|private|auth(?!or(?!i))|pem(?![a-z])|(?<![a-z])pat(?![a-z])/i;
const SIGNATURE_NAME = /sig/i;

const AUTHORITY = /[^/?#]*/y;
const QUERY_NAME = /[?&]([^=&?\s"']*)=/g;
const QUERY_VALUE = /[^&\s"']*/y;

/** True for the name of a variable whose value must not be shown, such as `API_TOKEN`. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * Masks user:password@ and signed query values of any URL inside a text, and what follows `Bearer`
 * and `Basic`. Takes time linear in the text's length, as much of what is shown is from outside.
 */
export function redactText(text: string): string {
  const withoutUsers = text.replace(
    /[^\s"']+/g,
    (word) => word.includes("://") ? maskSpans(word, findUrlUsers(word)) : word,
  );
  return maskSpans(withoutUsers, findQuerySecrets(withoutUsers))
    .replace(/\b(Bearer|Basic)\s+[A-Za-z0-9+\/=._~-]+/g, `$1 ${MASK}`);
}

/** Masks URL credentials, and the values of `NAME=value` words whose name tells a secret. */
export function redactArgv(argv: readonly string[]): readonly string[] {
  return argv.map((word) => {
    const assignment = /^(-e|--env=?|--?[a-z-]*=)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word);
    if (assignment && isSecretName(assignment[2] ?? "")) {
      return `${assignment[1] ?? ""}${assignment[2]}=${MASK}`;
    }
    return redactText(word);
  });
}

type Span = readonly [start: number, end: number];

/**
 * Where users and passwords of URLs stand in a word. By RFC 3986 they end at the last `@` before
 * the first of `/?#`. People write passwords with these characters all the same: when a `:` comes
 * before the first of them, the last `@` of the word counts, unless a digest follows it. So
 * `http://u:a/b@h` hides its password, and `https://host:80/x?mail=a@b` more than it had to.
 */
function findUrlUsers(word: string): readonly Span[] {
  const spans: Span[] = [];
  const lastAt = findLastAt(word);
  for (let mark = word.indexOf("://"); mark >= 0;) {
    const start = mark + 3;
    const authority = word.slice(start, findAuthorityEnd(word, start));
    const ownAt = start + authority.lastIndexOf("@");
    const end = authority.includes(":") ? Math.max(ownAt, lastAt) : ownAt;
    if (end > start) spans.push([start, end]);
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

function findQuerySecrets(text: string): readonly Span[] {
  const spans: Span[] = [];
  let covered = 0;
  for (const match of text.matchAll(QUERY_NAME)) {
    const name = match[1] ?? "";
    const start = match.index + match[0].length;
    if (start <= covered || !(isSecretName(name) || SIGNATURE_NAME.test(name))) continue;
    QUERY_VALUE.lastIndex = start;
    covered = start + (QUERY_VALUE.exec(text)?.[0].length ?? 0);
    if (covered > start) spans.push([start, covered]);
  }
  return spans;
}

/** Spans in order, none touching another. */
function maskSpans(text: string, spans: readonly Span[]): string {
  let masked = "";
  let at = 0;
  for (const [start, end] of spans) {
    masked += text.slice(at, start) + MASK;
    at = end;
  }
  return masked + text.slice(at);
}
