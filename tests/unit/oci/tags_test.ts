import { describe, expect, it } from "vitest";
import { parseTags } from "../../../agent/oci/tags.ts";

function parse(text: string) {
  return parseTags(new TextEncoder().encode(text));
}

describe("parseTags", () => {
  it("shows a few", () => {
    expect(parse('{"name":"x","tags":["1","2"]}')).toEqual(["1", "2"]);
    const many = Array.from({ length: 20 }, (_, index) => `v${index}`);
    expect(parse(JSON.stringify({ tags: many }))).toEqual([...many.slice(0, 8), "…"]);
  });
  it("leaves out what is no tag", () => {
    expect(parse('{"tags":["ok",5,null,"\\u001b[31m","a b",""]}')).toEqual(["ok"]);
  });
  it.each(["", "[]", "null", '{"tags":null}', '{"tags":"x"}'])("finds none in '%s'", (text) => {
    expect(parse(text)).toEqual([]);
  });
});
