/** JSON with integers of any size: limits of the runtime configuration are 64-bit. */

/**
 * Renders JSON in which a bigint is a plain integer (RFC 8259 sets no range for numbers).
 * Properties that are undefined are left out.
 */
export function renderExactJson(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(renderExactJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${
    entries.map(([name, inner]) => `${JSON.stringify(name)}:${renderExactJson(inner)}`).join(",")
  }}`;
}
