import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseDockerfile } from "../../support/parse_dockerfile.ts";

describe("parseDockerfile", () => {
  it("reads copies, commands and results, in order", () => {
    const text =
      "# comment\nFROM a AS b\nWORKDIR /x\nCOPY a.json b.json ./\nRUN one && \\\n  two\n" +
      "RUN three\n\nFROM scratch\nCOPY --from=b /x/y /x/z /\n";
    expect(parseDockerfile(text)).toEqual({
      folder: "/x",
      copies: [{ from: ["a.json", "b.json"], to: "./" }],
      runs: ["one && two", "three"],
      results: ["/x/y", "/x/z"],
    });
  });

  it("refuses what it does not know", () => {
    expect(() => parseDockerfile("FROM a\nADD x /\n")).toThrow("Cannot follow ADD");
  });

  it("finds in Dockerfile.build nothing but the builder's own task", () => {
    const text = readFileSync(new URL("../../../Dockerfile.build", import.meta.url), "utf8");
    expect(parseDockerfile(text).runs).toEqual(["npx -y deno@2.7.11 task build --release"]);
  });
});
