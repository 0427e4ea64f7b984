/** What a layer may ask for, and what it costs. Root. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArchiveError } from "../../agent/errors.ts";
import { type LayerUnpacker, openLayerUnpacker } from "../../agent/oci/layer_unpacker.ts";
import { readFreeBytes } from "../../agent/oci/read_free_bytes.ts";
import { type Bytes, GZIP, gzip, MANY_FILES, streamOf } from "../support/layer_blob.ts";
import { startFaultRegistry } from "../support/fault_registry.ts";
import { makeMemoryImage } from "../support/memory_image.ts";
import { openPuller } from "../support/pull_case.ts";
import { openTar, tar, tarHeader } from "../support/tar_builder.ts";

let scratch = "";
let count = 0;
const newFolder = () => {
  const folder = `${scratch}/${count++}`;
  Deno.mkdirSync(folder);
  return folder;
};

beforeAll(() => {
  scratch = Deno.makeTempDirSync({ dir: "/dev/shm", prefix: "unpacker-test-" });
});
afterAll(() => Deno.remove(scratch, { recursive: true }));

/** Both ways: small layers are unpacked on this thread, large ones in a worker. */
const WAYS = [{ way: "in a worker", blobSize: 1 << 30 }, { way: "here", blobSize: 1 }];

async function unpackWith(
  unpacker: LayerUnpacker,
  blobSize: number,
  mediaType: string,
  blob: ReadableStream<Bytes>,
  folder = newFolder(),
) {
  return await unpacker.unpack({ folder, mediaType, blob, blobSize });
}

describe("memory", () => {
  it.each(WAYS)("does not grow with the layer: $way", async ({ blobSize }) => {
    await using unpacker = openLayerUnpacker({ workers: 1 });
    const member = gzip(new Uint8Array(32 << 20));
    const run = (members: number) => {
      // A folder with a body, as v7 has it: nothing of it is written.
      const size = members * (32 << 20);
      const header = tarHeader({ name: "a/", type: { typeflag: "\0" }, size }, 0);
      const blob = openTar(gzip(header), ...Array<Bytes>(members).fill(member));
      return unpackWith(unpacker, blobSize, GZIP, streamOf(blob).stream);
    };
    await run(2);
    const before = Deno.memoryUsage().rss;
    expect((await run(24)).size).toBe(24 * (32 << 20) + 512);
    expect(Deno.memoryUsage().rss - before).toBeLessThan(64 << 20);
  });
});

describe("limits", () => {
  const limited = async (archive: Uint8Array, limits: object) => {
    await using unpacker = openLayerUnpacker();
    const { stream } = streamOf(gzip(archive));
    return await unpacker.unpack({ folder: newFolder(), mediaType: GZIP, blob: stream, limits })
      .catch((e) => e);
  };

  it("on entries", async () => {
    expect((await limited(MANY_FILES, { maxEntries: 2000 })).entries).toBe(2000);
    const error = await limited(MANY_FILES, { maxEntries: 1999 });
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toMatch(/the layer has more than 1999 entries$/);
  });

  it("on bytes of the archive, also those after its end", async () => {
    expect((await limited(MANY_FILES, { maxBytes: MANY_FILES.length })).size).toBe(
      MANY_FILES.length,
    );
    const error = await limited(openTar(MANY_FILES, new Uint8Array(1 << 20)), {
      maxBytes: MANY_FILES.length,
    });
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toMatch(/has more than the \d+ bytes there is room for$/);
  });

  it("on what an entry claims to hold, before any of it is written", async () => {
    const claim = openTar(tarHeader({ name: "huge", size: 2 ** 40 }, 0), new Uint8Array(5000));
    const error = await limited(claim, { maxBytes: 10 ** 9 });
    expect(error.message).toBe(
      "Cannot unpack huge: its 1099511627776 bytes are more than there is room for",
    );
    expect((await limited(claim, {})).message).toBe("Cannot unpack huge: the archive is truncated");
  });

  it("on what the store has room for, before any of it is written", async () => {
    const image = makeMemoryImage({ layers: [tar({ name: "big", data: "x".repeat(8 << 20) })] });
    await using registry = startFaultRegistry({ images: { "a/b:1": image } });
    await using puller = await openPuller();
    const folder = `${puller.folder}/tmp`;
    await using room = await mountMemory(folder, 4 << 20);
    const error = await puller.pull(`${registry.address}/a/b:1`).catch((e) => e);
    expect(error.message).toMatch(/its 8388608 bytes are more than there is room for$/);
    expect(await readFreeBytes(room.folder)).toBe(4 << 20);
  });

  it("none where the filesystem does not count", async () => {
    expect(await readFreeBytes("/proc")).toBe(undefined);
  });
});

/** Mounts a filesystem of this size. */
async function mountMemory(folder: string, size: number) {
  await run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder);
  return { folder, [Symbol.asyncDispose]: () => run("umount", folder) };
}

async function run(program: string, ...args: readonly string[]): Promise<void> {
  const { success } = await new Deno.Command(program, { args: [...args] }).output();
  if (!success) throw new Error(`${program} failed`);
}
