import { describe, expect, it } from "vitest";
import { parseDebDate } from "../../../../initramfs/build/deb_date.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("parseDebDate", () => {
  it("reads the time of the first member", () => {
    const deb = "!<arch>\ndebian-binary   1747699200  0     0     100644  4         `\n2.0\n";
    expect(parseDebDate(bytes(deb), "x.deb")).toBe(1747699200);
  });

  it.each([
    { what: "an empty file", text: "" },
    { what: "an archive of nothing", text: "!<arch>\n" },
    { what: "another kind of archive", text: "PK\u0003\u0004" },
    { what: "a time in words", text: "!<arch>\ndebian-binary   yesterday   0     0" },
  ])("refuses $what", ({ text }) => {
    expect(() => parseDebDate(bytes(text), "x.deb")).toThrow(
      "Cannot read x.deb: it is no Debian package",
    );
  });
});
