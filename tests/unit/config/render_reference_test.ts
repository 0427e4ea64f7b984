import { describe, expect, it } from "vitest";
import { CONTAINER_OPTIONS } from "../../../agent/config/container_option_table.ts";
import { directiveNames, DIRECTIVES } from "../../../agent/config/directives.ts";
import { REFUSED_OPTIONS } from "../../../agent/config/refused_options.ts";
import {
  renderOptionsMarkdown,
  renderReferenceMarkdown,
  renderReferenceText,
} from "../../../agent/config/render_reference.ts";

/** Cells of each row; a bar inside a cell is escaped. */
function cellsOf(table: string): readonly (readonly string[])[] {
  return table.trimEnd().split("\n").filter((line) => line.startsWith("|")).map((line) =>
    line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim())
  );
}

describe("the reference", () => {
  it("is a table with a row for every directive", () => {
    const rows = cellsOf(renderReferenceMarkdown());
    expect(rows).toHaveLength(DIRECTIVES.length + 2);
    expect(rows.every((row) => row.length === 4)).toBe(true);
    expect(rows[0]).toEqual(["directive (old names)", "value", "default", "meaning"]);
    const run = rows.find(([name]) => name?.startsWith("`b2c.run`"));
    expect(run?.[0]).toBe("`b2c.run`<br>`b2c.container`");
    expect(run?.[1]).toContain("repeatable");
    for (const name of directiveNames()) expect(renderReferenceMarkdown()).toContain(`\`${name}\``);
  });

  it("is a table with a row for every container option", () => {
    const rows = cellsOf(renderOptionsMarkdown());
    expect(rows).toHaveLength(CONTAINER_OPTIONS.length + 2);
    expect(rows.every((row) => row.length === 3)).toBe(true);
    for (const { name } of REFUSED_OPTIONS) expect(renderOptionsMarkdown()).toContain(`--${name}`);
  });

  it("is text for a terminal", () => {
    const text = renderReferenceText();
    expect(text.endsWith("\n")).toBe(true);
    for (const { name, help } of DIRECTIVES) {
      expect(text).toContain(name);
      expect(text.replace(/\s+/g, " ")).toContain(help);
    }
    for (const { name } of CONTAINER_OPTIONS) expect(text).toContain(`--${name}`);
    expect(text).toContain("    (default: boot2container)\n");
  });

  it("says what does not work yet", () => {
    const pending = DIRECTIVES.filter(({ implemented }) => implemented === false);
    const marks = renderReferenceMarkdown().split("Not implemented yet").length - 1;
    expect(marks).toBe(pending.length);
  });
});
