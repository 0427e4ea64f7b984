/** When a Debian package was made. */
import { AgentError } from "../../agent/errors.ts";

/** A .deb is an ar archive (deb(5)): magic, then members with headers of fixed width. */
const AR_MAGIC = "!<arch>\n";
const DATE_START = AR_MAGIC.length + 16;
const DATE_END = DATE_START + 12;

/**
 * When a package was made: the time of the first member of its ar archive.
 * @returns seconds since 1970
 * @throws AgentError when the bytes are no .deb
 */
export function parseDebDate(bytes: Uint8Array, name: string): number {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, DATE_END));
  const date = Number(head.slice(DATE_START));
  if (!head.startsWith(AR_MAGIC) || !Number.isSafeInteger(date) || date <= 0) {
    throw new AgentError(`Cannot read ${name}: it is no Debian package`);
  }
  return date;
}
