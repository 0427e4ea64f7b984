/**
 * Archives drawn at random: no escape, no crash, no hang, no growth. `FUZZ_SEED` draws the same
 * again, `FUZZ_ROUNDS` draws more. Root.
 */
import { describe, expect, it } from "vitest";
import { AgentError, ArchiveError, SyscallError } from "../../agent/errors.ts";
import { LayerPipeline } from "../../agent/oci/layer_pipeline.ts";
import { readMaker } from "../../agent/oci/read_maker.ts";
import { removeTree } from "../../agent/oci/remove_tree.ts";
import { openFileCalls } from "../../agent/sys/file_calls.ts";
import { cString } from "../../agent/sys/kernel.ts";
import { AT_FDCWD } from "../../agent/sys/raw_syscall.ts";
import { say } from "../../initramfs/say.ts";
import { drawArchive } from "../support/hostile_archive.ts";
import { readFolder, renderFiles } from "../support/read_folder.ts";
import { seededRandom } from "../support/random.ts";

const ROUNDS = Number(Deno.env.get("FUZZ_ROUNDS") ?? 4000);
const SEED = Number(Deno.env.get("FUZZ_SEED") ?? Date.now() % 2 ** 32);
const ROUND_LIMIT_MS = 3000;
const GROWTH_LIMIT_BYTES = 100e6;
const TAR = "application/vnd.oci.image.layer.v1.tar";
const LIMITS = { maxEntries: 1000, maxBytes: 4 << 20 };

describe("archives drawn at random", () => {
  it(`stay inside, and end: seed ${SEED}, ${ROUNDS} rounds`, async () => {
    say(`FUZZ_SEED=${SEED}`);
    const scene = await Deno.makeTempDir({ dir: "/dev/shm", prefix: "fuzz-test-" });
    const outside = `${scene}/fz-outside`, layer = `${scene}/layer`;
    await Deno.mkdir(outside);
    await Deno.writeTextFile(`${outside}/fz-secret`, "untouched");
    await Deno.utime(outside, 1, 1);
    const before = renderFiles(await readFolder(outside));
    const calls = openFileCalls(), maker = readMaker();
    const outcomes = { unpacked: 0, refused: 0 };
    const openFiles = () => [...Deno.readDirSync("/proc/self/fd")].length;
    let descriptors = 0, memory = 0;

    for (let round = 0; round < ROUNDS; round++) {
      const random = seededRandom(SEED + round);
      const archive = drawArchive(random, outside);
      const what = `round ${round}: FUZZ_SEED=${SEED + round} FUZZ_ROUNDS=1`;
      await Deno.mkdir(layer);
      const start = performance.now();
      try {
        using pipeline = new LayerPipeline(calls, maker, layer, TAR, LIMITS);
        const piece = random.pick([archive.length, 512, 1000, 77]);
        for (let at = 0; at < archive.length; at += piece) {
          await pipeline.write(archive.slice(at, at + piece));
        }
        await pipeline.finish();
        outcomes.unpacked++;
      } catch (error) {
        // Of the machine's errors an archive may only bring about this one: a size beyond all.
        const isExpected = error instanceof ArchiveError ||
          error instanceof SyscallError && ["ENOSPC", "EOVERFLOW"].includes(error.code);
        if (!isExpected) throw new AgentError(what, { cause: error });
        outcomes.refused++;
      }
      const ms = performance.now() - start;
      expect(ms, what).toBeLessThan(ROUND_LIMIT_MS);
      // Cheap each time, thorough now and then.
      expect(Deno.readTextFileSync(`${outside}/fz-secret`), what).toBe("untouched");
      expect(strayNames(scene), what).toEqual([]);
      if (round % 100 === 99) expect(renderFiles(await readFolder(outside)), what).toBe(before);
      expect(removeTree(calls, AT_FDCWD, cString(layer)), what).toBe(0);
      if (round === 200) [descriptors, memory] = [openFiles(), Deno.memoryUsage().rss];
    }
    expect(renderFiles(await readFolder(outside))).toBe(before);
    if (ROUNDS > 400) {
      expect(openFiles()).toBeLessThan(descriptors + 5);
      expect(Deno.memoryUsage().rss).toBeLessThan(memory + GROWTH_LIMIT_BYTES);
      // Else the archives are not worth much.
      expect(Math.min(outcomes.unpacked, outcomes.refused)).toBeGreaterThan(ROUNDS / 20);
    }
    say(`${outcomes.unpacked} unpacked, ${outcomes.refused} refused`);
    await Deno.remove(scene, { recursive: true });
  }, 600_000);
});

/** Names that only these archives have, where no layer is. */
function strayNames(scene: string): readonly string[] {
  return [scene, "/dev/shm", "/", Deno.cwd()].flatMap((folder) =>
    [...Deno.readDirSync(folder)]
      .filter(({ name }) => /^(\.wh\.)?fz-/.test(name))
      .map(({ name }) => `${folder}/${name}`)
      .filter((path) => path !== `${scene}/fz-outside`)
  );
}
