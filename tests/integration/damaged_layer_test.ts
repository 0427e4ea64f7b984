import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { digestOf, openVerifiedStream } from "../../agent/oci/digest.ts";
import { openDecompressor } from "../../agent/oci/decompress.ts";
import { openLayerUnpacker } from "../../agent/oci/layer_unpacker.ts";
import { openTar } from "../support/tar_builder.ts";

const MEDIA_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

/** An archive of a few hundred KiB that hardly compresses. */
function makeLayer(): Uint8Array<ArrayBuffer> {
  const noise = (seed: number) =>
    Array.from({ length: 2000 }, (_, i) => Math.imul(i + seed, 2654435761).toString(36)).join("");
  const entries = Array.from({ length: 30 }, (_, i) => ({ name: `file${i}`, data: noise(i) }));
  return new Uint8Array(gzipSync(openTar(...entries)));
}

describe("a layer that was damaged on its way", () => {
  it("is told by its digest, wherever the damage is", async () => {
    const good = makeLayer();
    const promised = { digest: digestOf(good), size: good.length };
    await using unpacker = openLayerUnpacker();
    for (let at = 0; at < good.length; at += Math.ceil(good.length / 40)) {
      const bad = good.slice();
      bad[at] = bad[at]! ^ 1;
      const folder = await Deno.makeTempDir({ prefix: "damaged-" });
      let left: Uint8Array<ArrayBuffer> | undefined = bad;
      const source = {
        read() {
          const piece = left?.slice(0, 50_000);
          left = left && left.length > 50_000 ? left.slice(50_000) : undefined;
          return Promise.resolve(piece);
        },
        cancel: () => Promise.resolve(),
      };
      const blob = openVerifiedStream("layer", source, promised);
      const request = { folder, mediaType: MEDIA_TYPE, blob, blobSize: bad.length };
      await expect(unpacker.unpack(request)).rejects.toThrow(
        `Cannot accept layer: wanted ${promised.digest}, got ${digestOf(bad)}`,
      );
      await Deno.remove(folder, { recursive: true });
    }
  });
});

describe("openDecompressor", () => {
  it("hands on bytes whose slice() is a copy", async () => {
    const pieces: Uint8Array[] = [];
    using decompressor = openDecompressor("gzip", (bytes) => pieces.push(bytes));
    await decompressor.write(new Uint8Array(gzipSync("text")));
    await decompressor.finish();
    const [piece] = pieces;
    expect(piece?.slice().buffer === piece?.buffer).toBe(false);
  });
});
