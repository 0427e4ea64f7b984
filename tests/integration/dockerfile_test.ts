import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { build } from "../../initramfs/build.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { type DockerBuild, parseDockerfile } from "../support/parse_dockerfile.ts";

const project = new URL("../..", import.meta.url).pathname;
/** The agent's archive at the release level, where no earlier run has left it in the cache. */
const LIMIT_MS = 600_000;

async function copySources(dockerfile: DockerBuild, root: string): Promise<void> {
  for (const { from, to } of dockerfile.copies) {
    await Deno.mkdir(join(root, to), { recursive: true });
    // COPY takes a folder's content, cp -T likewise; files go into the folder.
    for (const source of from) {
      const isFolder = (await Deno.stat(join(project, source))).isDirectory;
      const target = isFolder ? join(root, to) : join(root, to, source);
      await realSpawn.run(["cp", "-rT", join(project, source), target]);
    }
  }
}

describe("Dockerfile.build", () => {
  it("makes what the builder makes", async () => {
    const root = await Deno.makeTempDir({ prefix: "dockerfile-" });
    try {
      const dockerfile = parseDockerfile(
        await Deno.readTextFile(join(project, "Dockerfile.build")),
      );
      await copySources(dockerfile, root);
      // What has been downloaded and compressed already is shared; that it is right is checked.
      await Deno.mkdir(join(project, "out/cache"), { recursive: true });
      await Deno.mkdir(join(root, "out"));
      await Deno.symlink(join(project, "out/cache"), join(root, "out/cache"));
      for (const command of dockerfile.runs) {
        await realSpawn.run(["sh", "-c", command], { cwd: root, timeoutMs: LIMIT_MS });
      }
      const { manifest } = await build({ release: true, outputDir: join(root, "here") });
      const made = JSON.parse(await Deno.readTextFile(join(root, "out/manifest.json")));
      expect(made.outputs).toEqual(manifest.outputs);
      for (const path of dockerfile.results) {
        expect((await Deno.stat(path.replace(dockerfile.folder, root))).isFile).toBe(true);
      }
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  }, LIMIT_MS);
});
