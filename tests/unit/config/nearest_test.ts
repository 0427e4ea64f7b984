import { describe, expect, it } from "vitest";
import { chooseNearest } from "../../../agent/config/nearest.ts";

const NAMES = ["run", "container", "cache_device", "swap", "hostname", "volume", "pipefail"];

describe("chooseNearest", () => {
  it.each([
    { word: "contaner", wanted: "container" },
    { word: "contianer", wanted: "container" },
    { word: "Container", wanted: "container" },
    { word: "cache-device", wanted: "cache_device" },
    { word: "cahce_devcie", wanted: "cache_device" },
    { word: "rnu", wanted: "run" },
    { word: "hostnam", wanted: "hostname" },
    { word: "volumes", wanted: "volume" },
    { word: "pipe_fail", wanted: "pipefail" },
    { word: "swap", wanted: "swap" },
  ])("$word", ({ word, wanted }) => expect(chooseNearest(word, NAMES)).toBe(wanted));

  it.each(["", "x", "zz", "entirely", "volume_of_what"])(
    "finds nothing near %s",
    (word) => expect(chooseNearest(word, NAMES)).toBeUndefined(),
  );

  it("does not look at what is too long for a name", () => {
    expect(chooseNearest("a".repeat(100_000), NAMES)).toBeUndefined();
  });

  it("takes the nearer of two", () => {
    expect(chooseNearest("memory-swp", ["memory", "memory-swap"])).toBe("memory-swap");
  });
});
