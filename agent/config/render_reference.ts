/** The reference of directives and container options, rendered from their tables. */
import type { ContainerOption } from "./container_option.ts";
import { CONTAINER_OPTIONS } from "./container_option_table.ts";
import type { Directive } from "./directive.ts";
import { DIRECTIVES } from "./directives.ts";
import { REFUSED_OPTIONS } from "./refused_options.ts";

const INDENT = "    ";
const TEXT_WIDTH = 78;

/** The directives as a Markdown table, with a line end at its end. */
export function renderReferenceMarkdown(): string {
  const rows = DIRECTIVES.map((directive) => [
    [directive.name, ...directive.oldNames ?? []].map(renderCode).join("<br>"),
    renderCode(directive.syntax) + (directive.repeatable ? ", repeatable" : ""),
    directive.fallback && renderCode(directive.fallback),
    directive.help + renderState(directive.implemented, ". "),
  ]);
  return renderTable(["directive (old names)", "value", "default", "meaning"], rows);
}

/** The container options as a Markdown table, and one line with those that are refused. */
export function renderOptionsMarkdown(): string {
  const rows = CONTAINER_OPTIONS.map((option) => [
    optionNames(option).map(renderCode).join(" "),
    [option.syntax && renderCode(option.syntax), option.repeatable && "repeatable"]
      .filter((fact) => fact).join(", "),
    option.help + renderState(option.implemented, ". "),
  ]);
  const refused = REFUSED_OPTIONS.map(({ name }) => renderCode(`--${name}`)).sort().join(" ");
  return `${renderTable(["option", "value", "meaning"], rows)}\nRefused by name: ${refused}\n`;
}

/** Directives and container options for a terminal, with a line end at its end. */
export function renderReferenceText(): string {
  const directives = DIRECTIVES.flatMap((directive) => [
    directive.bare
      ? `${directive.name}${`[=${directive.syntax.slice(1)}`}`
      : renderUsage(directive),
    ...wrap(directive.help + renderState(directive.implemented, ". "), INDENT),
    ...renderFacts(directive),
  ]);
  const options = CONTAINER_OPTIONS.flatMap((option) => [
    optionNames(option).join(", ") + (option.syntax && ` ${option.syntax}`),
    ...wrap(option.help + renderState(option.implemented, ". "), INDENT),
  ]);
  const refused = wrap(REFUSED_OPTIONS.map(({ name }) => `--${name}`).sort().join(" "), INDENT);
  return [
    "DIRECTIVES",
    "",
    ...directives,
    "",
    "CONTAINER OPTIONS",
    "",
    ...options,
    "",
    "Known to podman, refused here:",
    ...refused,
    "",
  ].join("\n");
}

function renderUsage({ name, syntax }: Directive): string {
  return `${name}=${syntax}`;
}

function renderFacts(directive: Directive): readonly string[] {
  const facts = [
    directive.fallback && `default: ${directive.fallback}`,
    directive.repeatable && "repeatable",
    directive.oldNames && `old names: ${directive.oldNames.join(", ")}`,
  ].filter((fact) => fact);
  return facts.length > 0 ? [`${INDENT}(${facts.join("; ")})`] : [];
}

function optionNames({ name, short, aliases = [] }: ContainerOption): readonly string[] {
  return [...short ? [`-${short}`] : [], `--${name}`, ...aliases.map((alias) => `--${alias}`)];
}

function renderState(implemented: boolean | readonly string[], before: string): string {
  if (implemented === true) return "";
  const state = implemented === false ? "Not implemented yet" : `So far: ${implemented.join(", ")}`;
  return before + state;
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.map(escapeCell).join(" | ")} |\n`).join("");
}

function renderCode(text: string): string {
  return `\`${text}\``;
}

/** A bar would end the cell, also inside code. */
function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function wrap(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const fits = last !== undefined && last.length + 1 + word.length <= TEXT_WIDTH;
    if (fits) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}
