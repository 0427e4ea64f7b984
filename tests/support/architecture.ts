/** Who may import whom, and other rules that a test can hold. */

/** Two files of the project, by their paths in it. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

const BASE = ["errors", "log", "redact", "quote_foreign", "progress", "version"];
const SYSTEM = [...BASE, "sys"];
const ALL = "*";

/** Areas and what each may import besides itself and types. */
const TABLE: Readonly<Record<string, readonly string[] | typeof ALL>> = {
  errors: [],
  version: [],
  redact: ["errors"],
  quote_foreign: [],
  config: ["errors"],
  log: ["errors", "redact", "quote_foreign"],
  progress: ["errors", "redact"],
  steps: ["errors", "redact", "log"],
  types: [],
  sys: BASE,
  http: SYSTEM,
  net: [...SYSTEM, "config", "http"],
  oci: [...SYSTEM, "http"],
  storage: [...SYSTEM, "config"],
  volumes: [...SYSTEM, "config", "storage", "http"],
  container: [...SYSTEM, "config", "oci"],
  commands: ALL,
  boot: ALL,
  main: ALL,
};

/** Single files of the agent that are no area of their own: parts of the sequence. */
const SEQUENCE = "boot";

/**
 * The area of a file: a folder of agent/, one of the files beside main.ts, or a top-level folder.
 * @returns undefined for a file that belongs to none
 */
export function areaOf(file: string): string | undefined {
  const [top, ...rest] = file.split("/");
  if (top !== "agent") {
    return top === "initramfs" || top === "ipxe" || top === "tests" ? top : undefined;
  }
  const name = rest.length > 1 ? rest[0]! : rest[0]!.replace(/\.ts$/, "");
  if (name in TABLE) return name;
  return rest.length > 1 ? undefined : SEQUENCE;
}

/** The imports that break the rules, as `FROM imports TO`. */
export function findForbiddenImports(imports: readonly Import[]): readonly string[] {
  return imports.filter(({ from, to }) => !isAllowed(from, to))
    .map(({ from, to }) => `${from} imports ${to}`);
}

function isAllowed(from: string, to: string): boolean {
  const [source, target] = [areaOf(from), areaOf(to)];
  if (source === undefined || target === undefined) return false;
  if (target === "tests") return source === "tests";
  // The development tools build on the agent's foundations; the agent never on them.
  const isAgent = from.startsWith("agent/");
  if (!isAgent) return target !== "main" && target !== "commands";
  if (!to.startsWith("agent/")) return false;
  if (source === target || target === "types") return true;
  if (target === "main") return false;
  if (target === "commands") return source === "main";
  const allowed = TABLE[source];
  return allowed === ALL || (allowed ?? []).includes(target);
}

/** Programs: what a person or a task starts. They may end the process with a status. */
const PROGRAM = /^if \(import\.meta\.main\)/m;

/** Calls that stand where they must not, as `FILE: CALL`. */
export function findForbiddenCalls(file: string, text: string): readonly string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
  const found: string[] = [];
  const inAgent = file.startsWith("agent/");
  if (code.includes("Deno.exit(")) {
    const mayExit = inAgent ? file === "agent/main.ts" : PROGRAM.test(code);
    if (!mayExit) found.push(`${file}: Deno.exit`);
  }
  if (/\bconsole\.\w+\(/.test(code) && inAgent && file !== "agent/log.ts") {
    found.push(`${file}: console`);
  }
  return found;
}
