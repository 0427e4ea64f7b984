/** The WWW-Authenticate header (RFC 9110, 11.6.1). */

export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

/** One piece of the header: a word, a quoted string (unescaped), or one of `,` and `=`. */
type Piece =
  | { readonly kind: "word" | "quoted"; readonly text: string }
  | { readonly kind: "," | "=" };

/** A realm with its service and scope takes some hundred characters. */
const HEADER_LIMIT = 4096;

/**
 * Parses one header, or several joined by commas. The grammar is ambiguous about commas; what
 * decides is whether `=` follows a word. Malformed parts are left out: a challenge that cannot be
 * understood cannot be answered either.
 */
export function parseChallenges(header: string | null): readonly Challenge[] {
  const pieces = splitPieces((header ?? "").slice(0, HEADER_LIMIT));
  const challenges: { scheme: string; params: Map<string, string> }[] = [];
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]!;
    if (piece.kind !== "word") continue;
    const value = pieces[at + 2];
    if (pieces[at + 1]?.kind === "=" && (value?.kind === "word" || value?.kind === "quoted")) {
      // The first of two equal names counts, as in every list where the second is a forgery.
      const params = challenges.at(-1)?.params;
      const name = piece.text.toLowerCase();
      if (params && !params.has(name)) params.set(name, value.text);
      at += 2;
    } else if (pieces[at + 1]?.kind !== "=" && isSchemePlace(pieces, at)) {
      challenges.push({ scheme: piece.text.toLowerCase(), params: new Map() });
    }
  }
  return challenges;
}

/** A scheme stands at the start or after a comma; a word after a scheme is its token68. */
function isSchemePlace(pieces: readonly Piece[], at: number): boolean {
  return at === 0 || pieces[at - 1]?.kind === ",";
}

function splitPieces(header: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const match of header.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s,="]+)|([,=])/gs)) {
    const [, quoted, word, mark] = match;
    if (quoted !== undefined) {
      pieces.push({ kind: "quoted", text: quoted.replace(/\\(.)/gs, "$1") });
    } else if (word !== undefined) {
      pieces.push({ kind: "word", text: word });
    } else {
      pieces.push({ kind: mark === "," ? "," : "=" });
    }
  }
  return pieces;
}
