import { describe, expect, it } from "vitest";
import { parseOctal, parseTarNumber } from "../../../agent/oci/tar_number.ts";
import { encodeNumber } from "../../support/tar_bytes.ts";

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

describe("parseTarNumber", () => {
  it.each([
    { field: "0000644\0", wanted: 0o644 },
    { field: "   644 \0", wanted: 0o644 },
    { field: "\0\0\0\0\0\0\0\0", wanted: 0 },
    { field: "        ", wanted: 0 },
    { field: "644\x00777", wanted: 0o644 },
    { field: "77777777", wanted: 0o77777777 },
    { field: "00008000", wanted: undefined },
    { field: "-0000644", wanted: undefined },
    { field: "0x000644", wanted: undefined },
    { field: "\x80\0\0\0\0\0\x01\0", wanted: 256 },
    { field: "\xff\xff\xff\xff\xff\xff\xff\xff", wanted: -1 },
    { field: "\xff\xff\xff\xff\xff\xff\xff\0", wanted: -256 },
    { field: "\xc0\0\0\0\0\0\0\0", wanted: undefined },
    { field: "\xbf\xff\xff\xff\xff\xff\xff\xff", wanted: undefined },
  ])("reads $field", ({ field, wanted }) => {
    expect(parseTarNumber(bytes(field), 0, field.length)).toBe(wanted);
  });

  it.each([0, 1, 511, 2 ** 31, 2 ** 33, 2 ** 53 - 1, -1, -255, -256, -1.5e9, -(2 ** 40)])(
    "reads back %j",
    (value) => {
      const field = new Uint8Array(12);
      encodeNumber(field, 0, 12, value);
      expect(parseTarNumber(field, 0, 12)).toBe(value);
    },
  );

  it("knows base-256 in no checksum", () => {
    expect(parseOctal(bytes("\x80\0\0\0\0\0\x01\0"), 0, 8)).toBe(undefined);
  });
});
