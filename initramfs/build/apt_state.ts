/** A state of apt of our own: other sources, lists and caches than the system's, which stays as it is. */
import { AgentError } from "../../agent/errors.ts";
import { redactText } from "../../agent/redact.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { readStat } from "../read_stat.ts";
import type { ArchitectureName } from "../architecture.ts";
import { renderConfiguration, renderSources, SUITE } from "./apt_configuration.ts";
import { chooseMirror, type Mirror, parseUpdateUris } from "./apt_mirror.ts";

/** Say where Debian's archive is, on machines whose own configuration does not. */
const MIRROR_VARIABLE = "DEBIAN_MIRROR";
const SECURITY_MIRROR_VARIABLE = "DEBIAN_SECURITY_MIRROR";

const KEYRINGS = ["debian-archive-keyring.gpg", "debian-archive-keyring.pgp"]
  .map((name) => `/usr/share/keyrings/${name}`);

const OS_RELEASE = "/etc/os-release";

const COMMAND_LIMIT_MS = 600_000;

export interface AptState {
  /**
   * Runs `apt-get` or `apt-cache` on this state and returns what it prints.
   * @throws CommandError
   */
  run(argv: readonly string[], cwd?: string): Promise<string>;
}

/**
 * Opens the state below a folder, with package lists as fresh as the mirror has them. Signatures
 * are checked against the system's Debian keyring. Proxies and the like stay as the machine's
 * configuration of apt has them.
 * @throws AgentError where apt, the keyring or the mirror's address are missing, or on no answer
 */
export async function openAptState(
  folder: string,
  architecture: ArchitectureName,
): Promise<AptState> {
  await ensureDebianTools();
  const keyring = await findKeyring();
  const mirror = await readMirror();
  await Deno.mkdir(`${folder}/lists/partial`, { recursive: true });
  await Deno.mkdir(`${folder}/archives/partial`, { recursive: true });
  await Deno.writeTextFile(`${folder}/debian.sources`, renderSources(mirror, keyring));
  const configuration = `${folder}/apt.conf`;
  await Deno.writeTextFile(configuration, renderConfiguration(folder, architecture));
  const state: AptState = {
    run: ([program = "", ...args], cwd) =>
      realSpawn.run([program, "-c", configuration, ...args], {
        env: { LC_ALL: "C" },
        timeoutMs: COMMAND_LIMIT_MS,
        ...(cwd === undefined ? {} : { cwd }),
      }),
  };
  try {
    await state.run(["apt-get", "-q", "update"]);
  } catch (cause) {
    const address = redactText(mirror.archive);
    throw new AgentError(`Cannot read Debian ${SUITE}'s package lists from ${address}`, {
      cause,
      hint: `check network and proxy of apt; a keyring older than ${SUITE} is another reason: ` +
        `update the package debian-archive-keyring`,
    });
  }
  return state;
}

async function ensureDebianTools(): Promise<void> {
  for (const program of ["apt-get", "apt-cache", "dpkg-deb"]) {
    if (await readStat(`/usr/bin/${program}`)) continue;
    throw new AgentError(`Cannot fetch Debian's packages: there is no ${program}`, {
      hint: "build on Debian or Ubuntu, or in a container with Dockerfile.build",
    });
  }
}

async function findKeyring(): Promise<string> {
  for (const path of KEYRINGS) if (await readStat(path)) return path;
  throw new AgentError("Cannot check the signatures of Debian's packages: no keyring", {
    hint: "run: sudo apt-get install debian-archive-keyring",
  });
}

/** From the environment, else from the machine's own configuration of apt. */
async function readMirror(): Promise<Mirror> {
  const archive = Deno.env.get(MIRROR_VARIABLE);
  if (archive) return { archive, security: Deno.env.get(SECURITY_MIRROR_VARIABLE) };
  const named = await readStat(OS_RELEASE);
  const release = named ? await Deno.readTextFile(OS_RELEASE) : "";
  const hint = `set ${MIRROR_VARIABLE} and ${SECURITY_MIRROR_VARIABLE} to the addresses of mirrors`;
  if (!/^ID="?debian"?$/m.test(release)) {
    throw new AgentError("Cannot tell where Debian's archive is: this machine is not Debian", {
      hint,
    });
  }
  const codename = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(release)?.[1] ?? "sid";
  const uris = await realSpawn.run(["apt-get", "update", "--print-uris"]);
  const mirror = chooseMirror(parseUpdateUris(uris), codename);
  if (mirror) return mirror;
  throw new AgentError("Cannot tell where Debian's archive is: apt's sources do not name it", {
    hint,
  });
}
