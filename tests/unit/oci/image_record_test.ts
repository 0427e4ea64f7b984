import { describe, expect, it } from "vitest";
import { parseImageRecord, renderImageRecord } from "../../../agent/oci/image_record.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const LAYER = `sha256:${"b".repeat(64)}`;
const RECORD = {
  reference: "docker.io/library/alpine:latest",
  digest: DIGEST,
  config: {
    architecture: "arm64",
    os: "linux",
    variant: "v8",
    config: { Cmd: ["sh"], Env: ["A=b"], Volumes: { "/data": {} }, Labels: { a: "b" } },
    diffIds: [LAYER, LAYER],
  },
  layers: [LAYER, LAYER],
  storedAt: 1_700_000_000_123,
};

const parse = (text: string) => parseImageRecord(new TextEncoder().encode(text));

describe("image records", () => {
  it("are read as they were written", () => {
    expect(parse(renderImageRecord(RECORD))).toEqual(RECORD);
  });

  it.each([
    { what: "nothing", change: () => "" },
    { what: "a part", change: (text: string) => text.slice(0, -20) },
    { what: "zeros", change: (text: string) => "\0".repeat(text.length) },
    { what: "another version", change: (text: string) => text.replace('"1"', '"2"') },
    { what: "a wrong digest", change: (text: string) => text.replaceAll("aaaa", "zzzz") },
    { what: "a wrong layer", change: (text: string) => text.replaceAll("bbbb", "../.") },
    { what: "no platform", change: (text: string) => text.replace('"os"', '"so"') },
    { what: "no time", change: (text: string) => text.replace("2023", "never") },
    { what: "a list", change: () => "[]" },
  ])("of $what count as absent", ({ change }) => {
    expect(parse(change(renderImageRecord(RECORD)))).toBe(undefined);
  });
});
