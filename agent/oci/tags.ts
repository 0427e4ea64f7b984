/** The list of a repository's tags (distribution-spec, "Listing Tags"). */
import { isJsonObject } from "./json_fields.ts";

const SHOWN = 8;

/** Parses the answer, as far as it is one; a few, in the registry's order. */
export function parseTags(bytes: Uint8Array): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Only ever a help in another error's hint.
    return [];
  }
  const tags = isJsonObject(value) && Array.isArray(value.tags) ? value.tags : [];
  const usable = tags.filter((tag) => typeof tag === "string" && /^\w[\w.-]{0,127}$/.test(tag));
  return usable.length > SHOWN ? [...usable.slice(0, SHOWN), "…"] : usable;
}
