import { describe, expect, it } from "vitest";
import { escapeWords } from "../../../ipxe/escape_words.ts";

/** What iPXE makes of a line: the arguments that it hands on, joined by one space. */
function readAsIpxe(line: string, settings: readonly string[]): string {
  const values = new Map(settings.map((setting) => {
    const match = /^(\w+):hex ([0-9a-f]{2})$/.exec(setting);
    return [match?.[1] ?? "", String.fromCharCode(parseInt(match?.[2] ?? "", 16))];
  }));
  const tokens = line.split(/\s+/);
  const end = tokens.findIndex((token) =>
    token.startsWith("#") || ["||", "&&", ";"].includes(token)
  );
  return (end < 0 ? tokens : tokens.slice(0, end))
    .map((token) => token.replace(/\$\{(\w+):string\}/g, (_, name) => values.get(name) ?? ""))
    .join(" ");
}

describe("escapeWords", () => {
  it("leaves ordinary text as it is", () => {
    const text = 'console=ttyS0 b2c.run="-ti docker.io/library/alpine sh -c \\"exit 3\\""';
    expect(escapeWords(text)).toEqual({ text, settings: [] });
  });

  it.each([
    "a || b",
    "a && b ; c",
    "a #b c",
    "a  b   c",
    "a\tb",
    "a\nb",
    'x="sh -c \\"true || echo  done # really; a;b a||b\\""',
    "price$ 5 {x} $x",
  ])("carries %s through iPXE", (text) => {
    const escaped = escapeWords(text);
    expect(escaped.text).not.toContain("\n");
    expect(readAsIpxe(escaped.text, escaped.settings)).toBe(text);
  });

  it("names each setting once", () => {
    expect(escapeWords("a || b || c").settings).toEqual(["bar:hex 7c"]);
  });

  it("lets iPXE fill in what it names as the agent does", () => {
    const text = "b2c.extra_args_url=http://h/${mac}";
    expect(escapeWords(text).text).toBe(text);
  });

  it("refuses what iPXE would replace", () => {
    expect(() => escapeWords("echo ${HOME}")).toThrow("Cannot put ${HOME} into an iPXE script");
    expect(() => escapeWords("echo ${HOME")).toThrow("Cannot put ${HOME into an iPXE script");
  });
});
