/**
 * Measures pulling: registry on loopback, everything unpacked into a tmpfs. All pullers take turns
 * in one run, so that whatever else the machine does meets all of them alike.
 */
import { startRegistry } from "../../initramfs/host/registry.ts";
import { pushImage } from "../../initramfs/host/images.ts";
import { ensureHostPackages, IMAGE_PACKAGES } from "../../initramfs/host/packages.ts";
import { printConsole, say } from "../../initramfs/say.ts";
import { makeRecipeImage } from "./make_image.ts";
import { type Measured, measureProcesses } from "./measure_process.ts";
import { openAgentPuller, type Puller, SKOPEO_UMOCI } from "./pullers.ts";
import { type ImageRecipe, MIXED } from "./recipes.ts";
import { type Bar, findMisses, renderTable, type Series, summarize } from "./rounds.ts";

export interface PullBenchOptions {
  readonly rounds: number;
}

/** Where the pullers unpack to. */
interface Target {
  readonly name: string;
  readonly folder: string;
}

const IMAGES: readonly ImageRecipe[] = [MIXED];
const TARGETS: readonly Target[] = [{ name: "tmpfs", folder: "/dev/shm" }];
const BAR: Bar = { minRatio: 4, maxPeakBytes: 250e6 };
const CACHE = new URL("../../out/bench", import.meta.url).pathname;

/** @returns the exit status: 1 when a bar is missed */
export async function runPullBench({ rounds }: PullBenchOptions): Promise<number> {
  await ensureHostPackages(IMAGE_PACKAGES);
  await Deno.mkdir(CACHE, { recursive: true });
  const agent = await openAgentPuller(`${CACHE}/agent`);
  const pullers = [agent, SKOPEO_UMOCI];
  await using registry = await startRegistry({ folder: `${CACHE}/registry` });
  const series: Series[] = [];
  for (const recipe of IMAGES) {
    say(`image ${recipe.name}: making it, or taking it from ${CACHE}`);
    const image = await makeRecipeImage(recipe, CACHE);
    const reference = `${registry.address}/bench/${recipe.name}:latest`;
    await pushImage({ folder: image.layout, tag: image.tag }, registry, `bench/${recipe.name}`);
    const [compressed, unpacked] = [image.compressedBytes, image.unpackedBytes].map(megabytes);
    say(`${compressed} MB compressed, ${unpacked} MB unpacked, ${image.entries} entries`);
    for (const target of TARGETS) {
      const measured = await takeTurns(pullers, reference, target, rounds);
      for (const puller of pullers) {
        const own = measured.get(puller) ?? [];
        series.push({ image: recipe.name, target: target.name, puller: puller.name, rounds: own });
      }
    }
  }
  printConsole(`${renderTable(series)}\n`);
  return reportBars(series, agent.name);
}

async function takeTurns(
  pullers: readonly Puller[],
  reference: string,
  target: Target,
  rounds: number,
): Promise<ReadonlyMap<Puller, readonly Measured[]>> {
  const measured = new Map<Puller, Measured[]>(pullers.map((puller) => [puller, []]));
  // The first round fills caches and does not count.
  for (let round = 0; round <= rounds; round++) {
    for (const puller of pullers) {
      const folder = await Deno.makeTempDir({ dir: target.folder, prefix: "pull-bench-" });
      try {
        const one = await measureProcesses(puller.plan(reference, folder));
        if (round > 0) measured.get(puller)?.push(one);
        const what = round > 0 ? `round ${round} of ${rounds}` : "warm-up";
        say(`${what}: ${puller.name} ${(one.ms / 1000).toFixed(2)} s`);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    }
  }
  return measured;
}

function reportBars(series: readonly Series[], agentName: string): number {
  let misses = 0;
  for (const { image, target, puller, rounds } of series) {
    if (puller === agentName) continue;
    const own = series.find((one) =>
      one.puller === agentName && one.image === image && one.target === target
    );
    if (!own) continue;
    const agent = summarize(own.rounds), peer = summarize(rounds);
    const ratio = (peer.medianMs / agent.medianMs).toFixed(2);
    const found = findMisses(agent, peer, BAR);
    misses += found.length;
    const verdict = found.length === 0 ? "ok" : `MISSED: ${found.join("; ")}`;
    printConsole(
      `${image}, ${target}: ${agentName} ${ratio} times as fast as ${puller}: ${verdict}\n`,
    );
  }
  return misses > 0 ? 1 : 0;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
