/** The command line of `deno task ipxe`. */
// @ts-types="../agent/types/std_cli.d.ts"
import { parseArgs } from "@std/cli/parse-args";
import { AgentError } from "../agent/errors.ts";
import type { BootScript } from "./boot_script.ts";

export const RENDER_USAGE = `Writes an iPXE boot script to stdout.

usage: deno task ipxe -- --url URL [options] > boot.ipxe

  --url URL       where vmlinuz, initramfs.cpio.zst and modules.cpio.zst are (http or https)
  --append TEXT   words for the kernel command line (default: console=ttyS0,115200 quiet)
  --run VALUE     of a b2c.run directive: [podman create options] IMAGE [command…] (repeatable)
  --help          this text`;

const DEFAULT_APPEND = "console=ttyS0,115200 quiet";
const HINT = "deno task ipxe -- --help lists the options";

/**
 * Parses the arguments.
 * @returns undefined when help is asked for
 * @throws AgentError for an unknown option or a bad value
 */
export function parseRenderOptions(argv: readonly string[]): BootScript | undefined {
  const unknown: string[] = [];
  const args = parseArgs(joinRunValues(argv[0] === "--" ? argv.slice(1) : argv), {
    string: ["url", "append", "run"],
    boolean: ["help"],
    collect: ["url", "append", "run"],
    unknown: (argument) => {
      unknown.push(argument);
      return false;
    },
  });
  if (args.help) return undefined;
  if (unknown.length > 0) throw bad(unknown.join(", "), "no such option");
  const all = (name: string) => {
    const values = (args[name] ?? []) as readonly string[];
    if (values.includes("")) throw bad(`--${name}`, "it has no value");
    return values;
  };
  const [url, ...more] = all("url");
  if (url === undefined || more.length > 0) throw bad("the arguments", "wanted one --url");
  const append = all("append");
  return {
    url: parseBootUrl(url),
    append: append.length > 0 ? append.join(" ") : DEFAULT_APPEND,
    runs: all("run"),
  };
}

/** A value of --run mostly begins with a dash, which parse-args takes for an option. */
function joinRunValues(argv: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const [word = "", next] = [argv[at], argv[at + 1]];
    const takesNext = /^--(run|append|url)$/.test(word) && next !== undefined;
    joined.push(takesNext ? `${word}=${next}` : word);
    if (takesNext) at++;
  }
  return joined;
}

/** iPXE knows no quoting: what is no URL character must be encoded. */
function parseBootUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw bad(`--url ${text}`, "wanted an address such as http://boot.example/b2c");
  }
  if (/[$#?]/.test(text)) throw bad(`--url ${text}`, "it holds one of $ # ?");
  return url.href.replace(/\/+$/, "");
}

function bad(what: string, reason: string): AgentError {
  return new AgentError(`Cannot take ${what}: ${reason}`, { hint: HINT });
}
