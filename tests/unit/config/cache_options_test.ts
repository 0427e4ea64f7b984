import { describe, expect, it } from "vitest";
import { parseCacheDevice, parseSwap } from "../../../agent/config/cache_options.ts";
import { parseLine, parseValue } from "../../support/parse_value.ts";

const GIB = 1024 ** 3;

describe("b2c.cache_device", () => {
  it.each([
    { text: "none", wanted: { kind: "none" } },
    { text: "auto", wanted: { kind: "auto", wipe: false } },
    { text: "auto,wipe", wanted: { kind: "auto", wipe: true } },
    { text: "reset", wanted: { kind: "reset", wipe: false } },
    { text: "reset, wipe", wanted: { kind: "reset", wipe: true } },
    { text: "/dev/sda", wanted: { kind: "device", device: "/dev/sda", wipe: false } },
    {
      text: "/dev/disk/by-id/ata-X_1,wipe",
      wanted: { kind: "device", device: "/dev/disk/by-id/ata-X_1", wipe: true },
    },
    {
      text: "PARTUUID=0a1b-02",
      wanted: { kind: "device", device: "PARTUUID=0a1b-02", wipe: false },
    },
    {
      text: "LABEL=B2C_CACHE",
      wanted: { kind: "device", device: "LABEL=B2C_CACHE", wipe: false },
    },
    { text: "disk", wanted: { kind: "filesystem", name: "disk" } },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseCacheDevice, text)).toMatchObject({ value: wanted, problems: [] });
  });

  it.each([
    { text: "none,wipe", message: "wipe has no meaning for none" },
    { text: "auto,wpie", message: '"wpie" is no option here: known are wipe' },
    { text: "/mnt/x", message: '"/mnt/x" is no device' },
    { text: "UUID=abc", message: '"UUID=abc" is no device' },
    { text: "auto,", message: "nothing stands between two commas, or after the last one" },
    { text: "LABEL=", message: '"LABEL=" is no device' },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseCacheDevice, text)).toMatchObject({
      value: undefined,
      errors: [message],
    });
  });

  it("gives up a cache that nothing defines", () => {
    const { cacheDevice, problems } = parseLine("b2c.cache_device=atuo");
    expect(cacheDevice).toEqual({ kind: "none" });
    expect(problems).toMatchObject([{
      message: '"atuo" is defined by no b2c.filesystem',
      hint: "did you mean auto?",
      severity: "error",
    }]);
    expect(problems[0]?.essential).toBeUndefined();
  });
});

describe("b2c.swap", () => {
  it.each([
    { text: "16g", wanted: { kind: "file", size: 16 * GIB, swappiness: undefined } },
    { text: "8GiB", wanted: { kind: "file", size: 8 * GIB, swappiness: undefined } },
    { text: "8G,swappiness=60", wanted: { kind: "file", size: 8 * GIB, swappiness: 60 } },
    {
      text: "/dev/nbd1,swappiness=0",
      wanted: { kind: "device", device: "/dev/nbd1", swappiness: 0 },
    },
    { text: "zram", wanted: { kind: "zram" } },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseSwap, text)).toMatchObject({ value: wanted, problems: [] });
  });

  it.each([
    { text: "16q", message: '"16q" is not a size: a number and a unit out of k, m, g, t' },
    { text: "16", message: '"16" is less than 1 MiB of swap' },
    { text: "16g,swapiness=60", message: '"swapiness" is no option here: known are swappiness' },
    { text: "16g,swappiness=201", message: '"201" is not a whole number from 0 to 200' },
    { text: "16g,60", message: '"60" is no option here: known are swappiness' },
    { text: "99999999t", message: '"99999999t" is too large: at most 8191t make sense' },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseSwap, text)).toMatchObject({ value: undefined, errors: [message] });
  });

  it("says which unit is missing", () => {
    expect(parseValue(parseSwap, "16").problems[0]?.hint).toBe("write a unit, such as 16g");
  });

  it("warns of a file without a cache to hold it", () => {
    expect(parseLine("b2c.swap=16g").warnings).toEqual(['"16g" needs a cache to put the file on']);
    expect(parseLine("b2c.swap=16g b2c.cache_device=auto").problems).toEqual([]);
    expect(parseLine("b2c.swap=/dev/sdb").problems).toEqual([]);
  });
});
