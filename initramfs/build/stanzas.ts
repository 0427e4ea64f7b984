/** Debian's control file syntax: stanzas of `Field: value` lines (deb-control(5)). */

/** Field names in lower case; lines that continue a value are joined with newlines. */
export type Stanza = ReadonlyMap<string, string>;

/** Parses what `apt-cache show` prints. */
export function parseStanzas(text: string): readonly Stanza[] {
  return text.split(/\n[ \t]*\n/).map(parseStanza).filter((stanza) => stanza.size > 0);
}

function parseStanza(text: string): Stanza {
  const fields = new Map<string, string>();
  let field = "";
  for (const line of text.split("\n")) {
    const start = /^([^\s:#]+):[ \t]*(.*)$/.exec(line);
    if (start) {
      field = start[1]!.toLowerCase();
      fields.set(field, start[2]!.trimEnd());
    } else if (/^[ \t]/.test(line) && field) {
      fields.set(field, `${fields.get(field)}\n${line.trim()}`);
    }
  }
  return fields;
}
