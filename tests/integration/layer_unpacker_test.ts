/** Layers through the workers: what comes back, what goes wrong, what is left. Root. */
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArchiveError, IntegrityError, SyscallError } from "../../agent/errors.ts";
import { type LayerUnpacker, openLayerUnpacker } from "../../agent/oci/layer_unpacker.ts";
import { openTar, tar, tarHeader } from "../support/tar_builder.ts";

const GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
const ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";
const PLAIN = "application/vnd.oci.image.layer.v1.tar";

const MANY = tar(...Array.from({ length: 2000 }, (_, i) => ({
  name: `folder${i % 50}/file${i}`,
  data: `content of ${i}\n`.repeat(i % 300),
})));

type Bytes = Uint8Array<ArrayBuffer>;

const gzip = (bytes: Uint8Array): Bytes => new Uint8Array(gzipSync(bytes));
const zstd = (bytes: Uint8Array): Bytes => new Uint8Array(zstdCompressSync(bytes));
const digestOf = (bytes: Uint8Array) =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** A blob in pieces; `end` is what its stream does then. */
function streamOf(
  bytes: Uint8Array,
  end: "close" | Error | "never" = "close",
  pieceBytes = 30_000,
) {
  let at = 0;
  const drained = Promise.withResolvers<void>();
  const seen = { cancelled: false, drained: drained.promise };
  const stream = new ReadableStream<Bytes>({
    pull(controller) {
      if (at < bytes.length) {
        controller.enqueue(bytes.slice(at, at + pieceBytes));
        at += pieceBytes;
      } else if (end === "close") controller.close();
      else if (end !== "never") controller.error(end);
      else drained.resolve();
    },
    cancel() {
      seen.cancelled = true;
    },
  });
  return { stream, seen };
}

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
    for (const [type, blob] of [[GZIP, gzip(MANY)], [ZSTD, zstd(MANY)], [PLAIN, MANY]] as const) {
      const folder = newFolder();
      const result = await unpackWith(unpacker, blobSize, type, streamOf(blob).stream, folder);
      expect(result).toEqual({
        diffId: digestOf(MANY),
        size: MANY.length,
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

describe("what goes wrong", () => {
  it.each(WAYS)("comes back as the error it was: $way", async ({ blobSize }) => {
    await using unpacker = openLayerUnpacker();
    const run = (mediaType: string, bytes: Uint8Array) =>
      unpackWith(unpacker, blobSize, mediaType, streamOf(bytes).stream).catch((e) => e);
    const archive = await run(GZIP, gzip(tar({ name: "a/../b\n" })));
    expect(archive).toBeInstanceOf(ArchiveError);
    expect(archive.message).toBe("Cannot unpack a/../b\\x0a: its name holds a .. part");
    const cut = await run(GZIP, gzip(MANY).slice(0, 5000));
    expect(cut.message).toBe("Cannot unpack archive: its gzip data is malformed or cut off");
    const short = await run(GZIP, gzip(MANY.slice(0, 700)));
    expect(short.message).toMatch(/^Cannot unpack .*: the archive is truncated$/);
    const type = await run("application/x-lzip", MANY);
    expect(type.message).toBe(
      'Cannot unpack archive: layers of type "application/x-lzip" are not supported',
    );
    const missing = await unpackWith(
      unpacker,
      blobSize,
      GZIP,
      streamOf(gzip(MANY)).stream,
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
    expect(await run(gzip(MANY))).toBe(wrong);
    expect(await run(gzip(MANY).slice(0, 3000))).toBe(wrong);
    expect(await run(new Uint8Array(100_000).fill(7))).toBe(wrong);
    const broken = gzip(MANY);
    broken[2000]! ^= 0xff;
    expect(await run(broken)).toBe(wrong);
  });

  it.each(WAYS)("on the machine's side ends the download: $way", async ({ blobSize }) => {
    await using unpacker = openLayerUnpacker();
    const { stream, seen } = streamOf(gzip(MANY), "never");
    const error = await unpackWith(unpacker, blobSize, GZIP, stream, "/no/folder").catch((e) => e);
    expect(error).toBeInstanceOf(SyscallError);
    expect(seen.cancelled).toBe(true);
  });

  it.each(WAYS)(
    "leaves no descriptor open and hinders no later layer: $way",
    async ({ blobSize }) => {
      await using unpacker = openLayerUnpacker({ workers: 1 });
      const openFiles = () => [...Deno.readDirSync("/proc/self/fd")].length;
      const ok = () => unpackWith(unpacker, blobSize, GZIP, streamOf(gzip(MANY)).stream);
      await ok();
      const before = openFiles();
      for (let i = 0; i < 20; i++) {
        const cut = gzip(MANY).slice(0, 2000 + i * 300);
        await unpackWith(unpacker, blobSize, GZIP, streamOf(cut).stream).catch(() => {});
        const end = new Error("cut");
        await unpackWith(unpacker, blobSize, GZIP, streamOf(cut, end).stream).catch(() => {});
      }
      expect((await ok()).diffId).toBe(digestOf(MANY));
      expect(openFiles()).toBeLessThan(before + 3);
    },
  );
});

describe("limits", () => {
  const limited = async (archive: Uint8Array, limits: object) => {
    await using unpacker = openLayerUnpacker();
    const { stream } = streamOf(gzip(archive));
    return await unpacker.unpack({ folder: newFolder(), mediaType: GZIP, blob: stream, limits })
      .catch((e) => e);
  };

  it("on entries", async () => {
    expect((await limited(MANY, { maxEntries: 2000 })).entries).toBe(2000);
    const error = await limited(MANY, { maxEntries: 1999 });
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toMatch(/the layer has more than 1999 entries$/);
  });

  it("on bytes of the archive, also those after its end", async () => {
    expect((await limited(MANY, { maxBytes: MANY.length })).size).toBe(MANY.length);
    const error = await limited(openTar(MANY, new Uint8Array(1 << 20)), { maxBytes: MANY.length });
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
});

describe("an unpacker that is closed", () => {
  it.each(WAYS)("breaks off what it is at: $way", async ({ blobSize }) => {
    const unpacker = openLayerUnpacker();
    const { stream, seen } = streamOf(gzip(MANY), "never");
    const running = unpackWith(unpacker, blobSize, GZIP, stream).catch((e) => e);
    await seen.drained;
    await unpacker[Symbol.asyncDispose]();
    expect((await running).message).toBe("Cannot go on unpacking: the unpacker was closed");
    expect(seen.cancelled).toBe(true);
  });

  it.each(WAYS)("takes no more: $way", async ({ blobSize }) => {
    const unpacker = openLayerUnpacker();
    await unpacker[Symbol.asyncDispose]();
    const { stream, seen } = streamOf(gzip(MANY));
    await expect(unpackWith(unpacker, blobSize, GZIP, stream)).rejects.toThrow(/was closed$/);
    expect(seen.cancelled).toBe(true);
  });
});
