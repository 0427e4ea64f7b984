import { describe, expect, it } from "vitest";
import { renderReadme } from "../support/readme.ts";

describe("README.md", () => {
  it("has the directives as their table says (deno task docs writes them)", () => {
    const { is, wanted } = renderReadme();
    expect(is).toBe(wanted);
  });
});
