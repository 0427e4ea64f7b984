import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  areaOf,
  findForbiddenCalls,
  findForbiddenImports,
  type Import,
} from "../support/architecture.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const AREAS = ["agent", "initramfs", "ipxe", "tests"];
const files = AREAS.flatMap((area) =>
  readdirSync(join(project, area), { recursive: true, encoding: "utf8" })
    .map((name) => join(area, name))
    .filter((name) => name.endsWith(".ts") && !name.startsWith("tests/data/"))
);
const own = files.filter((file) => !file.startsWith("tests/"));

/** Every import among the project's own files, type imports too. */
function readImports(): readonly Import[] {
  const folder = mkdtempSync(join(tmpdir(), "imports-"));
  try {
    const all = join(folder, "all.ts");
    writeFileSync(all, own.map((file) => `import "${join(project, file)}";\n`).join(""));
    const config = join(project, "deno.json");
    // The test runner says which deno is running; by hand, the one that the shell finds.
    const deno = process.env.DENO ?? "deno";
    const text = execFileSync(deno, ["info", "--json", "--config", config, all], {
      encoding: "utf8",
      maxBuffer: 64 << 20,
      env: { ...process.env, DENO_TLS_CA_STORE: "mozilla,system" },
    });
    return parseImports(text);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface ModuleInfo {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

function parseImports(text: string): readonly Import[] {
  const { modules } = JSON.parse(text) as { readonly modules: readonly ModuleInfo[] };
  const name = (url: string) => relative(project, fileURLToPath(url));
  const isOwn = (url: string | undefined) =>
    url?.startsWith("file:") && !name(url).startsWith("..");
  return modules.filter((module) => isOwn(module.specifier)).flatMap((module) =>
    (module.dependencies ?? []).flatMap(({ code, type }) =>
      [code?.specifier, type?.specifier].flatMap((to) =>
        to !== undefined && isOwn(to) ? [{ from: name(module.specifier), to: name(to) }] : []
      )
    )
  );
}

describe("the project", () => {
  const imports = readImports();

  it("sees its files and their imports", () => {
    expect(own.length).toBeGreaterThan(50);
    expect(imports).toContainEqual({ from: "agent/steps.ts", to: "agent/errors.ts" });
  });

  it("imports only as its table allows", () => {
    expect(findForbiddenImports(imports)).toEqual([]);
  });

  it("ends, and prints, in few places", () => {
    const text = (file: string) => readFileSync(join(project, file), "utf8");
    expect(own.flatMap((file) => findForbiddenCalls(file, text(file)))).toEqual([]);
  });

  it("has files of at most 250 lines", () => {
    const lines = (file: string) =>
      readFileSync(join(project, file), "utf8").split("\n").length - 1;
    expect(files.filter((file) => lines(file) > 250)).toEqual([]);
  });

  it("writes names in snake_case", () => {
    const bad = files.filter((file) =>
      !/^[a-z0-9_]+(\.d|\.config)?\.ts$/.test(file.split("/").at(-1)!)
    );
    expect(bad).toEqual([]);
  });

  it("has no file that belongs nowhere", () => {
    expect(own.filter((file) => areaOf(file) === undefined)).toEqual([]);
  });
});
