/** The command line of `deno task vm`. */
// @ts-types="../agent/types/std_cli.d.ts"
import { parseArgs } from "@std/cli/parse-args";
import { AgentError } from "../agent/errors.ts";

/** What to boot, and how. */
export interface VmRequest {
  readonly memoryMib: number;
  readonly cpus: number;
  /** More words for the kernel command line. */
  readonly append: string;
  /** Paths of disk images. */
  readonly drives: readonly string[];
  /** Paths of archives that are unpacked over the agent's own. */
  readonly archives: readonly string[];
  readonly timeoutMs: number;
  /** Values of `b2c.run`, unquoted. */
  readonly runs: readonly string[];
}

export const VM_USAGE = `Boots a virtual machine.

usage: deno task vm -- [options] -- 'RUN VALUE'…

  --memory M       memory in MiB, or with a unit: 512M, 1G (default 1G)
  --cpus N         processors (default 2)
  --append TEXT    more words for the kernel command line
  --drive FILE     a disk; .qcow2 files are taken as such, others as raw (repeatable)
  --archive FILE   an archive to unpack over the agent's own (repeatable)
  --timeout S      the machine is stopped after S seconds (default 3600)
  --help           this text

RUN VALUE is that of a b2c.run directive: [podman create options] IMAGE [command…]
The exit status is the pipeline's; 124 when the time was over. Ctrl-A X stops the machine.
What the console says is kept in out/console.log.`;

const HINT = "deno task vm -- --help lists the options";
const VALUE_OPTIONS = ["memory", "cpus", "append", "timeout", "drive", "archive"];

/**
 * Parses the arguments.
 * @returns undefined when help is asked for
 * @throws AgentError for an unknown option or a bad value
 */
export function parseVmOptions(argv: readonly string[]): VmRequest | undefined {
  const unknown: string[] = [];
  const args = parseArgs(markRunValues(argv), {
    string: VALUE_OPTIONS,
    boolean: ["help"],
    collect: VALUE_OPTIONS,
    "--": true,
    unknown: (argument, key) => {
      if (key !== undefined) unknown.push(argument);
      return key === undefined;
    },
  });
  if (args.help) return undefined;
  if (unknown.length > 0) throw bad(unknown.join(", "), "no such option");
  const all = (name: string) => {
    const values = (args[name] ?? []) as readonly string[];
    if (values.includes("")) throw bad(`--${name}`, "it has no value");
    return values;
  };
  const last = (name: string, fallback: string) => all(name).at(-1) ?? fallback;
  return {
    memoryMib: parseMemory(last("memory", "1G")),
    cpus: parseNumber("--cpus", last("cpus", "2")),
    append: all("append").join(" "),
    drives: all("drive"),
    archives: all("archive"),
    timeoutMs: parseNumber("--timeout", last("timeout", "3600")) * 1000,
    runs: [...args._.map(String), ...(args["--"] ?? [])],
  };
}

/**
 * `deno task` hands its first `--` on. Where no second one parts options from values, a word with a
 * space in it that is none of our `--option=value` begins the values: `-ti IMAGE`, `--rm=true IMAGE`.
 */
function markRunValues(argv: readonly string[]): readonly string[] {
  const words = argv[0] === "--" ? argv.slice(1) : argv;
  if (words.includes("--")) return words;
  const at = words.findIndex((word) => /^-.*\s/s.test(word) && !isOwnOption(word));
  return at < 0 ? words : [...words.slice(0, at), "--", ...words.slice(at)];
}

function isOwnOption(word: string): boolean {
  return VALUE_OPTIONS.some((name) => word.startsWith(`--${name}=`));
}

/** MiB of `512`, `512M`, `1G`, `1GiB`. */
function parseMemory(text: string): number {
  const match = /^(\d+)(?:([MG])(?:iB)?)?$/i.exec(text);
  const mib = Number(match?.[1]) * (match?.[2]?.toUpperCase() === "G" ? 1024 : 1);
  if (!match || mib < 1) throw bad(`--memory ${text}`, "wanted MiB, or a size such as 512M or 1G");
  return mib;
}

function parseNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw bad(`${name} ${text}`, "wanted a number above 0");
  return Number(text);
}

function bad(what: string, reason: string): AgentError {
  return new AgentError(`Cannot take ${what}: ${reason}`, { hint: HINT });
}
