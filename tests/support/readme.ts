/**
 * The part of the README that is made from the table of directives: `deno task docs` writes it,
 * a test compares it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { renderReferenceMarkdown } from "../../agent/config/render_reference.ts";

const README = new URL("../../README.md", import.meta.url);
const BEGIN = "<!-- directives: begin (written by `deno task docs`) -->\n";
const END = "<!-- directives: end -->\n";

/** The README as it is, and as it should be. */
export function renderReadme(): { readonly is: string; readonly wanted: string } {
  const is = readFileSync(README, "utf8");
  const begin = is.indexOf(BEGIN);
  const end = is.indexOf(END);
  if (begin < 0 || end < begin) throw new Error("Cannot find the directives' place in README.md");
  const head = is.slice(0, begin + BEGIN.length);
  return { is, wanted: `${head}\n${renderReferenceMarkdown().trim()}\n\n${is.slice(end)}` };
}

if (import.meta.main) writeFileSync(README, renderReadme().wanted);
