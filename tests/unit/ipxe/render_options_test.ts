import { describe, expect, it } from "vitest";
import { parseRenderOptions } from "../../../ipxe/render_options.ts";

const URL_OPTION = ["--", "--url", "http://boot.lab/b2c/"];

describe("parseRenderOptions", () => {
  it("has a console by default", () => {
    expect(parseRenderOptions(URL_OPTION)).toEqual({
      url: "http://boot.lab/b2c",
      append: "console=ttyS0,115200 quiet",
      runs: [],
    });
  });

  it("takes every option, and values that begin with a dash", () => {
    const argv = [...URL_OPTION, "--append", "console=tty0", "--run", "-ti a", "--run=b"];
    expect(parseRenderOptions(argv)).toEqual({
      url: "http://boot.lab/b2c",
      append: "console=tty0",
      runs: ["-ti a", "b"],
    });
  });

  it.each([
    { argv: [], message: "wanted one --url" },
    { argv: ["--url", "boot.lab"], message: "Cannot take --url boot.lab: wanted an address" },
    { argv: ["--url", "ftp://h/"], message: "wanted an address" },
    { argv: ["--url", "http://h/${mac}"], message: "it holds one of $ # ?" },
    { argv: ["--url", "http://h/", "--rnu", "x"], message: "Cannot take --rnu" },
    { argv: ["--url", "http://h/", "x"], message: "Cannot take x: no such option" },
    { argv: ["--url", "http://h/", "--run"], message: "Cannot take --run: it has no value" },
  ])("refuses $argv", ({ argv, message }) => {
    expect(() => parseRenderOptions(argv)).toThrow(message);
  });

  it("gives help", () => {
    expect(parseRenderOptions(["--", "--help"])).toBeUndefined();
  });
});
