/** The Retry-After header (RFC 9110, 10.2.3). */

/**
 * Parses seconds or an HTTP date.
 * @param nowMs milliseconds since 1970
 * @returns milliseconds to wait, 0 when the date is over; undefined when absent or malformed
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Every form of HTTP date names its month; Date.parse alone would take "-5" for a year.
  const at = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
