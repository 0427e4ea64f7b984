import { describe, expect, it } from "vitest";
import { cutDenort } from "../../../../initramfs/build/cut_denort.ts";
import { elfBytes } from "../../../support/elf_bytes.ts";

describe("cutDenort", () => {
  const runtime = elfBytes({ needed: ["libc.so.6"] });

  it("cuts off what was appended", () => {
    const program = new Uint8Array(runtime.length + 1000).fill(7);
    program.set(runtime);
    expect(cutDenort(program, "program")).toEqual(runtime);
  });

  it("leaves a plain runtime as it is", () => {
    expect(cutDenort(runtime, "denort")).toEqual(runtime);
  });

  it("refuses a file that is shorter than it says", () => {
    expect(() => cutDenort(runtime.slice(0, -1), "half")).toThrow(
      "Cannot cut the runtime out of half: it is cut short",
    );
  });

  it("refuses a web page in the place of a program", () => {
    const page = new TextEncoder().encode("<html>Sign in to the network</html>");
    expect(() => cutDenort(page, "page")).toThrow("Cannot read page as an ELF file");
  });
});
