/** The Content-Range header of a 206 (RFC 9110, 14.4). */

export interface ContentRange {
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
  /** Bytes of the whole; undefined when the server does not tell. */
  readonly total: number | undefined;
}

/** Parses `bytes 10-99/100`; undefined when absent or malformed. */
export function parseContentRange(header: string | null): ContentRange | undefined {
  const match = /^bytes\s+(\d+)-(\d+)\/(\d+|\*)$/i.exec(header?.trim() ?? "");
  if (!match) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  const total = match[3] === "*" ? undefined : Number(match[3]);
  if (last < first || (total !== undefined && last >= total)) return undefined;
  return { first, last, total };
}
