/** The Debian packages that the development tools need on this machine. */
import { AgentError, CommandError } from "../../agent/errors.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { say } from "../say.ts";
import { readStat } from "../read_stat.ts";

/** What boots virtual machines. */
export const VM_PACKAGES = ["qemu-system-x86", "ipxe-qemu"] as const;
/** What serves images, and makes them. */
export const IMAGE_PACKAGES = ["docker-registry", "skopeo", "umoci", "openssl"] as const;

const INSTALL_LIMIT_MS = 600_000;
const POLICY_FILE = "/usr/sbin/policy-rc.d";
/** invoke-rc.d(8): 101 means that the action is forbidden. */
const POLICY = "#!/bin/sh\nexit 101\n";

/**
 * Makes sure that packages are installed. As root on Debian and its relatives it installs what is
 * missing and says so; elsewhere it names the command.
 * @throws AgentError with the command as its hint where it may not install
 * @throws CommandError when apt-get fails
 */
export async function ensureHostPackages(names: readonly string[]): Promise<void> {
  const missing = choosePackages(names, await readInstalledPackages(names));
  if (missing.length === 0) return;
  const command = `apt-get install --no-install-recommends -y ${missing.join(" ")}`;
  if (Deno.uid() !== 0 || !(await readStat("/usr/bin/apt-get"))) {
    throw new AgentError(`Cannot go on: ${missing.join(", ")} not installed`, {
      hint: `run: sudo ${command}`,
    });
  }
  say(`Installing ${missing.join(", ")}`);
  await withoutServiceStarts(() => installPackages(missing));
}

/** What of `wanted` is not in `installed`, each once, in the order given. */
export function choosePackages(
  wanted: readonly string[],
  installed: ReadonlySet<string>,
): readonly string[] {
  return [...new Set(wanted)].filter((name) => !installed.has(name));
}

/** The names in dpkg-query's output (`NAME STATUS` lines) whose status is `installed`. */
export function parseInstalledPackages(text: string): ReadonlySet<string> {
  const words = text.split("\n").map((line) => line.split(" "));
  return new Set(words.filter(([, status]) => status === "installed").map(([name]) => name ?? ""));
}

async function readInstalledPackages(names: readonly string[]): Promise<ReadonlySet<string>> {
  if (!(await readStat("/usr/bin/dpkg-query"))) return new Set();
  await using query = realSpawn.start(
    ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", ...names],
    { stdout: "piped" },
  );
  // Its status is 1 as soon as one name is unknown; the others are listed all the same.
  return parseInstalledPackages(await new Response(query.stdout).text());
}

async function installPackages(names: readonly string[]): Promise<void> {
  const install = ["install", "--no-install-recommends", "-y", ...names];
  try {
    await runApt(install);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // No package lists, or so old that the mirror has dropped what they name.
    await runApt(["update"]);
    await runApt(install);
  }
}

async function runApt(args: readonly string[]): Promise<void> {
  await realSpawn.run(["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", ...args], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
    timeoutMs: INSTALL_LIMIT_MS,
  });
}

/** docker-registry's package would start a service on every interface of this machine. */
async function withoutServiceStarts(install: () => Promise<void>): Promise<void> {
  if (await readStat(POLICY_FILE)) return await install();
  await Deno.writeTextFile(POLICY_FILE, POLICY, { mode: 0o755, createNew: true });
  try {
    await install();
  } finally {
    await Deno.remove(POLICY_FILE);
  }
}
