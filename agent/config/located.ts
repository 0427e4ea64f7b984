/** Text that remembers where in its source each character stood, so that mistakes can be marked. */

/** A text that configures the boot. */
export interface Source {
  /** Shown with problems, such as `/proc/cmdline`. */
  readonly name: string;
  readonly text: string;
}

/** A piece of a source, possibly with characters dropped (quotes, escapes). */
export interface Located {
  readonly source: Source;
  readonly text: string;
  /** Index into the source of each UTF-16 unit of `text`, ascending, and one more for its end. */
  readonly offsets: readonly number[];
}

/** `[start, end)` in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The piece of a source between two indices. */
export function locate(source: Source, start: number, end: number): Located {
  const offsets: number[] = [];
  for (let at = start; at <= end; at++) offsets.push(at);
  return { source, text: source.text.slice(start, end), offsets };
}

/** What `String.slice` gives, with its place. Indices are not negative. */
export function sliceLocated(piece: Located, start: number, end = piece.text.length): Located {
  return {
    source: piece.source,
    text: piece.text.slice(start, end),
    offsets: piece.offsets.slice(start, Math.max(start, end) + 1),
  };
}

/** What `String.split` gives; with a limit, the last piece is the whole rest. */
export function splitLocated(piece: Located, separator: string, limit = Infinity): Located[] {
  const pieces: Located[] = [];
  let start = 0;
  while (pieces.length + 1 < limit) {
    const at = piece.text.indexOf(separator, start);
    if (at < 0) break;
    pieces.push(sliceLocated(piece, start, at));
    start = at + separator.length;
  }
  pieces.push(sliceLocated(piece, start));
  return pieces;
}

/** Without the white space around it. */
export function trimLocated(piece: Located): Located {
  const start = piece.text.length - piece.text.trimStart().length;
  return sliceLocated(piece, start, Math.max(start, piece.text.trimEnd().length));
}

/** The part of the source that the piece covers, dropped characters between included. */
export function spanOf(piece: Located): Span {
  const start = piece.offsets[0] ?? 0;
  if (piece.text === "") return { start, end: start };
  return { start, end: (piece.offsets[piece.text.length - 1] ?? start) + 1 };
}
