/** A Debian package's files, out of its .deb (deb(5)). */
import { AgentError } from "../../agent/errors.ts";
import { readTail, realSpawn } from "../../agent/sys/spawn.ts";

const UNPACK_LIMIT_MS = 300_000;
const STDERR_TAIL_BYTES = 4096;

/**
 * Unpacks a package into a folder. Owners, and setuid and setgid bits, stay behind: nothing that
 * lies in a build folder may give anyone rights.
 * @throws AgentError when the package is damaged
 */
export async function unpackDeb(deb: string, folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await using source = realSpawn.start(["dpkg-deb", "--fsys-tarfile", deb], {
    stdout: "piped",
    stderr: "piped",
  });
  // Without --no-same-permissions, tar as root restores setuid bits.
  await using tar = realSpawn.start(
    ["tar", "--extract", "--no-same-owner", "--no-same-permissions", "--directory", folder],
    { stdin: "piped", stderr: "piped" },
  );
  const [, sourceTail, tarTail, sourceStatus, tarStatus] = await Promise.all([
    // When tar ends early, its status tells why; the broken pipe would not.
    source.stdout.pipeTo(tar.stdin, { signal: AbortSignal.timeout(UNPACK_LIMIT_MS) }).catch(ignore),
    readTail(source.stderr, STDERR_TAIL_BYTES),
    readTail(tar.stderr, STDERR_TAIL_BYTES),
    source.status,
    tar.status,
  ]);
  if (sourceStatus !== 0 || tarStatus !== 0) {
    throw new AgentError(`Cannot unpack ${deb}: ${(sourceTail || tarTail).trim()}`);
  }
}

function ignore(): void {}
