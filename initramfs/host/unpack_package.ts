/** Files out of a Debian package, without installing it. */
import { CommandError } from "../../agent/errors.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { readStat } from "../read_stat.ts";

const DOWNLOAD_LIMIT_MS = 120_000;

/**
 * Downloads a package from this machine's own sources and unpacks it. Does nothing when the folder
 * is there already.
 * @param name such as `busybox-static`
 * @param folder where its files go; appears only when they are complete
 * @throws CommandError when apt-get or dpkg-deb fails
 */
export async function unpackPackage(name: string, folder: string): Promise<void> {
  if (await readStat(folder)) return;
  const scratch = await Deno.makeTempDir({ prefix: "package-" });
  try {
    // apt-get downloads as a user of its own.
    await Deno.chmod(scratch, 0o755);
    await downloadPackage(name, scratch);
    const file = [...Deno.readDirSync(scratch)].find((entry) => entry.name.endsWith(".deb"));
    if (!file) throw new Error(`Cannot download ${name}: apt-get left no file`);
    const partial = `${folder}.tmp-${Deno.pid}`;
    await Deno.mkdir(partial, { recursive: true });
    await realSpawn.run(["dpkg-deb", "--extract", `${scratch}/${file.name}`, partial]);
    await Deno.rename(partial, folder);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

async function downloadPackage(name: string, cwd: string): Promise<void> {
  const download = ["apt-get", "-q", "download", name];
  const options = { cwd, timeoutMs: DOWNLOAD_LIMIT_MS };
  try {
    await realSpawn.run(download, options);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    await realSpawn.run(["apt-get", "-q", "update"], options);
    await realSpawn.run(download, options);
  }
}
