/** Layers through the workers: what comes back, what goes wrong, what is left. Root. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArchiveError, IntegrityError, SyscallError } from "../../agent/errors.ts";
import { type LayerUnpacker, openLayerUnpacker } from "../../agent/oci/layer_unpacker.ts";
import {
  type Bytes,
  digestOf,
  GZIP,
  gzip,
  MANY_FILES,
  PLAIN,
  streamOf,
  ZSTD,
  zstd,
} from "../support/layer_blob.ts";
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

describe("layers", () => {
  it.each(WAYS)("give diffID, size and count: $way", async ({ blobSize }) => {
    await using unpacker = openLayerUnpacker();
    for (
      const [type, blob] of [[GZIP, gzip(MANY_FILES)], [ZSTD, zstd(MANY_FILES)], [
        PLAIN,
        MANY_FILES,
      ]] as const
    ) {
      const folder = newFolder();
      const result = await unpackWith(unpacker, blobSize, type, streamOf(blob).stream, folder);
      expect(result).toEqual({
        diffId: digestOf(MANY_FILES),
        size: MANY_FILES.length,
        entries: 2000,
        warnings: [],
      });
      const text = await Deno.readTextFile(`${folder}/folder49/file299`);
      expect(text).toBe("content of 299\n".repeat(299));
    }
  });

  it("of no bytes, of an empty archive, with bytes after its end", async () => {
    await using unpacker = openLayerUnpacker();
    const trailing = openTar(tar({ name: "a" }), new Uint8Array(5000).fill(9));
    for (
      const [bytes, entries] of [
        [new Uint8Array(0), 0],
        [new Uint8Array(1024), 0],
        [trailing, 1],
      ] as const
    ) {
      const { stream } = streamOf(gzip(bytes));
      const result = await unpackWith(unpacker, 1 << 30, GZIP, stream);
      expect(result).toMatchObject({ diffId: digestOf(bytes), size: bytes.length, entries });
    }
  });

  it("twenty at once, on two workers", async () => {
    await using unpacker = openLayerUnpacker({ workers: 2 });
    const layers = Array.from(
      { length: 20 },
      (_, i) => tar({ name: `file${i}`, data: "x".repeat(i * 9999) }),
    );
    const results = await Promise.all(
      layers.map((layer) =>
        unpackWith(unpacker, 1 << 30, GZIP, streamOf(gzip(layer), "close", 333).stream)
      ),
    );
    expect(results.map(({ diffId }) => diffId)).toEqual(layers.map(digestOf));
  });
});

describe("a small blob that becomes a gigabyte", () => {
  // The body of a folder: nothing of it is written.
  const header = tarHeader({ name: "a/", type: { typeflag: "\0" }, size: 1 << 30 }, 0);
  const blobOf = (pack: (bytes: Uint8Array) => Bytes) =>
    openTar(pack(header), ...Array<Bytes>(16).fill(pack(new Uint8Array(64 << 20))));

  it.each([{ type: GZIP, pack: gzip }, { type: ZSTD, pack: zstd }])(
    "lets timers fire while it is unpacked on this thread: $type",
    async ({ type, pack }) => {
      await using unpacker = openLayerUnpacker();
      const { stream } = streamOf(blobOf(pack), "close", 2 << 20);
      let fired = 0;
      const timer = setInterval(() => fired++, 10);
      const result = await unpackWith(unpacker, 1, type, stream);
      clearInterval(timer);
      expect(result.size).toBe((1 << 30) + 512);
      expect(fired).toBeGreaterThan(5);
    },
  );

  it("is given up soon when the unpacker is closed", async () => {
    const unpacker = openLayerUnpacker();
    const { stream } = streamOf(blobOf(gzip), "close", 2 << 20);
    const running = unpackWith(unpacker, 1, GZIP, stream).catch((e) => e);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await unpacker[Symbol.asyncDispose]();
    expect((await running).message).toBe("Cannot go on unpacking: the unpacker was closed");
  });
});

describe("what goes wrong", () => {
  it.each(WAYS)("comes back as the error it was: $way", async ({ blobSize }) => {
    await using unpacker = openLayerUnpacker();
    const run = (mediaType: string, bytes: Uint8Array) =>
      unpackWith(unpacker, blobSize, mediaType, streamOf(bytes).stream).catch((e) => e);
    const archive = await run(GZIP, gzip(tar({ name: "a/../b\n" })));
    expect(archive).toBeInstanceOf(ArchiveError);
    expect(archive.message).toBe("Cannot unpack a/../b\\x0a: its name holds a .. part");
    const cut = await run(GZIP, gzip(MANY_FILES).slice(0, 5000));
    expect(cut.message).toBe("Cannot unpack archive: its gzip data is malformed or cut off");
    const short = await run(GZIP, gzip(MANY_FILES.slice(0, 700)));
    expect(short.message).toMatch(/^Cannot unpack .*: the archive is truncated$/);
    const type = await run("application/x-lzip", MANY_FILES);
    expect(type.message).toBe(
      'Cannot unpack archive: layers of type "application/x-lzip" are not supported',
    );
    const missing = await unpackWith(
      unpacker,
      blobSize,
      GZIP,
      streamOf(gzip(MANY_FILES)).stream,
      "/no/folder",
    )
      .catch((e) => e);
    expect(missing).toBeInstanceOf(SyscallError);
    expect(missing).toMatchObject({ call: "open", path: "/no/folder", code: "ENOENT" });
  });

  it.each(WAYS)("in the blob is what is told, not what came of it: $way", async ({ blobSize }) => {
    await using unpacker = openLayerUnpacker();
    const wrong = new IntegrityError("layer", "a", "b");
    const run = (bytes: Uint8Array) =>
      unpackWith(unpacker, blobSize, GZIP, streamOf(bytes, wrong).stream).catch((e) => e);
    expect(await run(gzip(MANY_FILES))).toBe(wrong);
    expect(await run(gzip(MANY_FILES).slice(0, 3000))).toBe(wrong);
    expect(await run(new Uint8Array(100_000).fill(7))).toBe(wrong);
    const broken = gzip(MANY_FILES);
    broken[2000]! ^= 0xff;
    expect(await run(broken)).toBe(wrong);
  });

  it.each(WAYS)("on the machine's side ends the download: $way", async ({ blobSize }) => {
    await using unpacker = openLayerUnpacker();
    const { stream, seen } = streamOf(gzip(MANY_FILES), "never");
    const error = await unpackWith(unpacker, blobSize, GZIP, stream, "/no/folder").catch((e) => e);
    expect(error).toBeInstanceOf(SyscallError);
    expect(seen.cancelled).toBe(true);
  });

  it.each(WAYS)(
    "leaves no descriptor open and hinders no later layer: $way",
    async ({ blobSize }) => {
      await using unpacker = openLayerUnpacker({ workers: 1 });
      const openFiles = () => [...Deno.readDirSync("/proc/self/fd")].length;
      const ok = () => unpackWith(unpacker, blobSize, GZIP, streamOf(gzip(MANY_FILES)).stream);
      await ok();
      const before = openFiles();
      for (let i = 0; i < 20; i++) {
        const cut = gzip(MANY_FILES).slice(0, 2000 + i * 300);
        await unpackWith(unpacker, blobSize, GZIP, streamOf(cut).stream).catch(() => {});
        const end = new Error("cut");
        await unpackWith(unpacker, blobSize, GZIP, streamOf(cut, end).stream).catch(() => {});
      }
      expect((await ok()).diffId).toBe(digestOf(MANY_FILES));
      expect(openFiles()).toBeLessThan(before + 3);
    },
  );
});

describe("an unpacker that is closed", () => {
  it.each(WAYS)("breaks off what it is at: $way", async ({ blobSize }) => {
    const unpacker = openLayerUnpacker();
    const { stream, seen } = streamOf(gzip(MANY_FILES), "never");
    const running = unpackWith(unpacker, blobSize, GZIP, stream).catch((e) => e);
    await seen.drained;
    await unpacker[Symbol.asyncDispose]();
    expect((await running).message).toBe("Cannot go on unpacking: the unpacker was closed");
    expect(seen.cancelled).toBe(true);
  });

  it("does not wait for a worker that is lost in a layer", async () => {
    const unpacker = openLayerUnpacker();
    // 16 GiB in half a megabyte, as the body of a folder: nothing of it is written.
    const folder = zstd(tarHeader({ name: "a/", type: { typeflag: "\0" }, size: 2 ** 34 }, 0));
    const frame = zstd(new Uint8Array(64 << 20));
    const blob = openTar(folder, ...Array<Bytes>(256).fill(frame));
    const { stream, seen } = streamOf(blob, "never");
    const running = unpackWith(unpacker, 1 << 30, ZSTD, stream).catch((e) => e);
    await seen.drained;
    const start = performance.now();
    await unpacker[Symbol.asyncDispose]();
    expect(performance.now() - start).toBeLessThan(5000);
    expect((await running).message).toBe("Cannot go on unpacking: the unpacker was closed");
  });

  it.each(WAYS)("takes no more: $way", async ({ blobSize }) => {
    const unpacker = openLayerUnpacker();
    await unpacker[Symbol.asyncDispose]();
    const { stream, seen } = streamOf(gzip(MANY_FILES));
    await expect(unpackWith(unpacker, blobSize, GZIP, stream)).rejects.toThrow(/was closed$/);
    expect(seen.cancelled).toBe(true);
  });
});
