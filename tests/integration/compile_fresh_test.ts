import { describe, expect, it } from "vitest";
import { chooseArchitecture } from "../../initramfs/architecture.ts";
import { compileAgent, readAgentSources } from "../../initramfs/build/compile.ts";
import { openDenort } from "../../initramfs/build/denort.ts";

const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

describe("compileAgent", () => {
  it("works on a machine that has never seen the agent's packages", async () => {
    const cacheDir = await Deno.makeTempDir({ prefix: "compile-" });
    try {
      const architecture = chooseArchitecture(Deno.build.arch);
      const denort = await openDenort(architecture, `${project}/out/cache`);
      const sources = await readAgentSources(project);
      const agent = await compileAgent(sources, denort, architecture, cacheDir);
      expect((await Deno.stat(agent)).size).toBeGreaterThan(architecture.denort.size);
    } finally {
      await Deno.remove(cacheDir, { recursive: true });
    }
  }, 180_000);
});
