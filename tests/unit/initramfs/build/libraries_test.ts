import { describe, expect, it } from "vitest";
import { type Library, planLibraries } from "../../../../initramfs/build/libraries.ts";
import { elfBytes } from "../../../support/elf_bytes.ts";

const LOADER = "/lib64/ld-x.so.2";

function packagesOf(libraries: Readonly<Record<string, readonly string[]>>) {
  return (soname: string): Library | undefined => {
    const needed = libraries[soname];
    return needed &&
      { path: `usr/lib/${soname}`, data: elfBytes({ needed }), package: `package of ${soname}` };
  };
}

const program = (needed: readonly string[]) => ({
  name: "program",
  data: elfBytes({ interpreter: LOADER, needed }),
});

describe("planLibraries", () => {
  it("follows what libraries need, each once", () => {
    const find = packagesOf({
      "ld-x.so.2": [],
      "libc.so.6": ["ld-x.so.2"],
      "liba.so": ["libb.so", "libc.so.6"],
      "libb.so": ["liba.so", "libc.so.6"],
    });
    const paths = planLibraries([program(["liba.so"]), program(["libc.so.6"])], 62, find)
      .map((library) => library.path);
    expect([...paths].sort()).toEqual([
      "lib64/ld-x.so.2",
      "usr/lib/liba.so",
      "usr/lib/libb.so",
      "usr/lib/libc.so.6",
    ]);
  });

  it("needs nothing for a static program", () => {
    const busybox = { name: "busybox", data: elfBytes({}) };
    expect(planLibraries([busybox], 62, packagesOf({}))).toEqual([]);
  });

  it("names the library that is missing and who needs it", () => {
    const find = packagesOf({ "ld-x.so.2": [], "liba.so": ["libz.so.1"] });
    expect(() => planLibraries([program(["liba.so"])], 62, find)).toThrow(
      "Cannot find libz.so.1, which liba.so needs: no package has it",
    );
  });

  it("refuses programs for another machine", () => {
    expect(() => planLibraries([program([])], 183, packagesOf({}))).toThrow(
      "Cannot use program: it is for machine 62, not 183",
    );
  });
});
