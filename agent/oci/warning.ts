/** The Warning header, as registries use it to announce things (distribution-spec, "Warnings"). */

const HEADER_LIMIT = 4096;

/** The texts of its entries with code 299; others are a cache's business. */
export function parseWarnings(header: string): readonly string[] {
  return [...header.slice(0, HEADER_LIMIT).matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)]
    .map((match) => (match[1] ?? "").replace(/\\(.)/g, "$1").trim())
    .filter((text) => text !== "");
}
