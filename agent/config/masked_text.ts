/** Pieces of a source as they may be shown: secrets masked, control characters made visible. */
import type { Located, Span } from "./located.ts";
import { findSecrets } from "./secret_spans.ts";

/** What stands where a secret stood; agent/redact.ts writes the same. */
export const MASK = "***";

export interface MaskedText {
  readonly text: string;
  /** Where each UTF-16 unit of the piece stands in `text`, and one more for its end. */
  readonly columns: readonly number[];
}

/** Renders a piece for a console. `secrets` are places in its source, in any order. */
export function renderMasked(piece: Located, secrets: readonly Span[]): MaskedText {
  const spans = mergeSpans(secrets);
  const columns: number[] = [];
  let text = "";
  let at = 0;
  let maskedSpan = -1;
  for (let index = 0; index < piece.text.length; index++) {
    const offset = piece.offsets[index] ?? 0;
    while (at < spans.length && (spans[at]?.end ?? 0) <= offset) at++;
    const isSecret = offset >= (spans[at]?.start ?? Infinity);
    if (isSecret && maskedSpan === at) {
      columns.push(text.length - MASK.length);
      continue;
    }
    columns.push(text.length);
    text += isSecret ? MASK : renderVisible(piece.text.charCodeAt(index), piece.text[index] ?? "");
    if (isSecret) maskedSpan = at;
  }
  columns.push(text.length);
  return { text, columns };
}

/** A control character could move the cursor or end the line: an escape sequence stands for it. */
function renderVisible(code: number, char: string): string {
  if (code === 0x0a) return "\\n";
  if (code === 0x09) return " ";
  const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
  return isControl ? `\\x${code.toString(16).padStart(2, "0")}` : char;
}

/** Text with the secrets masked that look like some: for values that were parsed already. */
export function maskSecrets(text: string): string {
  let masked = "";
  let at = 0;
  for (const { start, end } of mergeSpans(findSecrets(text))) {
    masked += text.slice(at, start) + MASK;
    at = end;
  }
  return masked + text.slice(at);
}

/** In order, and one where they touch. */
function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (span.end <= span.start) continue;
    if (last && span.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else merged.push(span);
  }
  return merged;
}
