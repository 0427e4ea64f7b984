import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../agent/config/parse_config.ts";
import { renderProblems } from "../../../agent/config/render_problems.ts";
import type { Problem } from "../../../agent/errors.ts";

/** The lines shown for one command line. */
function show(text: string): string {
  return renderProblems(parseConfig([{ name: "/proc/cmdline", text }]).problems);
}

describe("renderProblems", () => {
  it("shows nothing for nothing", () => expect(renderProblems([])).toBe(""));

  it("marks the mistake and says what to write", () => {
    const line = 'b2c.run="--memroy 1g -e PASSWORD=HIDDEN alpine" b2c.swap=16q b2c.contaner=x';
    expect(show(line)).toBe([
      'error: b2c.run: "--memroy" is no option of podman create',
      '    b2c.run="--memroy 1g -e PASSWORD=*** alpine"',
      "             ^^^^^^^^",
      "    hint: write --memory",
      'error: b2c.swap: "16q" is not a size: a number and a unit out of k, m, g, t',
      "    b2c.swap=16q",
      "             ^^^",
      "    hint: such as 512m, 16g, 8GiB",
      "warning: b2c.contaner: no such directive: the word is ignored",
      "    b2c.contaner=***",
      "    ^^^^^^^^^^^^",
      "    hint: did you mean b2c.container?",
    ].join("\n"));
  });

  it("marks the right place behind masked secrets and escapes", () => {
    const line = 'b2c.run="-e TOKEN=HIDDEN -e \\"A=b\x1b\\" --pull=x alpine"';
    const [, text = "", marks = ""] = show(line).split("\n");
    expect(text).toBe('    b2c.run="-e TOKEN=*** -e \\"A=b\\x1b\\" --pull=x alpine"');
    expect(text.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe("x");
  });

  it.each([0, 40, 100, 300, 3000])("cuts lines to the width of a console, %s in", (length) => {
    const line = `b2c.run="-e A=${"a".repeat(length)} --memroy=1 ${"b".repeat(length)} alpine"`;
    const [, text = "", marks = ""] = show(line).split("\n");
    expect(text.length).toBeLessThanOrEqual(80);
    const marked = text.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1);
    expect(marked).toBe("--memroy=1");
  });

  it("marks one character where nothing stands", () => {
    const [, , marks] = show("b2c.volume=v,pull_on=,").split("\n");
    expect(marks?.trim().length).toBeGreaterThan(0);
  });

  it("names the source where there are several, or several lines", () => {
    const { problems } = parseConfig([
      { name: "/proc/cmdline", text: "b2c.pull=x" },
      { name: "/b2c.d/a.args", text: "# here\nb2c.swap=q" },
    ]);
    const shown = renderProblems(problems);
    expect(shown).toContain("error: /proc/cmdline, line 1: b2c.pull: ");
    expect(shown).toContain("error: /b2c.d/a.args, line 2: b2c.swap: ");
  });

  it("takes problems without a place", () => {
    const problem: Problem = {
      directive: "b2c.run",
      text: "x",
      message: "cannot be pulled",
      severity: "error",
    };
    expect(renderProblems([problem])).toBe("error: b2c.run: cannot be pulled");
  });
});
