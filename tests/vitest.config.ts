/**
 * The unit tests under vitest. The project has no node_modules: what npx brought along stands in
 * for the import map of deno.json.
 */
import { readFileSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
/** …/node_modules, of the vitest that reads this. */
const packages = dirname(dirname(realpathSync(process.argv[1]!)));
const { scopes } = JSON.parse(readFileSync(`${project}/deno.json`, "utf8"));

/** `npm:NAME@VERSION/PATH` as a place below node_modules. */
function locate(from: string): string {
  const match = /^npm:((?:@[^/]+\/)?[^@/]+)@[^/]+(.*)$/.exec(from);
  return `${packages}/${match?.[1]}${match?.[2]}`;
}

const imports = Object.entries(scopes["./"] as Record<string, string>);

export default {
  root: project,
  // The newest that the oldest Node in use knows; `using` is translated.
  esbuild: { target: "node20" },
  resolve: {
    alias: [
      { find: /^vitest$/, replacement: `${packages}/vitest/dist/index.js` },
      ...imports.map(([name, from]) => ({ find: name, replacement: locate(from) })),
    ],
  },
  test: {
    include: ["tests/unit/**/*_test.ts"],
    // It would go into a node_modules, which the compiler of the agent would take in.
    cache: false,
    // Deno's tests have no limit of time but their own.
    testTimeout: 60_000,
    // Pure tests cannot disturb each other: one thread for many files saves its starts.
    pool: "threads",
    isolate: false,
  },
};
