/** What compressed layers look like, and what is wrong with some. No root. */
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ArchiveError } from "../../agent/errors.ts";
import { openDecompressor } from "../../agent/oci/decompress.ts";
import type { Compression } from "../../agent/oci/layer_compression.ts";
import { seededRandom } from "../support/random.ts";
import { joinBytes, toBytes } from "../support/tar_bytes.ts";

/** Decompresses what comes in pieces of such sizes, the last one again and again. */
async function decompress(
  compression: Compression,
  blob: Uint8Array,
  sizes: readonly number[] = [blob.length || 1],
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  using decompressor = openDecompressor(compression, (bytes) => void pieces.push(bytes.slice()));
  for (let at = 0, i = 0; at < blob.length; i++) {
    const size = sizes[i] ?? sizes.at(-1) ?? 1;
    await decompressor.write(blob.slice(at, at + size));
    at += size;
  }
  await decompressor.finish();
  return joinBytes(pieces);
}

const random = seededRandom(7);
/** Neither very compressible nor not at all, and larger than the pieces it comes out in. */
const TEXT = Uint8Array.from({ length: 900_000 }, () => random.between(97, 104));
const ZEROS = new Uint8Array(3_000_000);
const EMPTY = new Uint8Array(0);
const SKIPPABLE = Uint8Array.from([0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);

const gzip = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));
const CHECKED = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
const zstd = (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes, CHECKED));

const STREAMS: readonly {
  readonly what: string;
  readonly compression: Compression;
  readonly blob: Uint8Array;
  readonly wanted: Uint8Array;
}[] = [
  { what: "plain", compression: "none", blob: TEXT, wanted: TEXT },
  { what: "nothing, plain", compression: "none", blob: EMPTY, wanted: EMPTY },
  { what: "gzip", compression: "gzip", blob: gzip(TEXT), wanted: TEXT },
  { what: "gzip of nothing", compression: "gzip", blob: gzip(EMPTY), wanted: EMPTY },
  { what: "gzip of zeros", compression: "gzip", blob: gzip(ZEROS), wanted: ZEROS },
  {
    what: "gzip in members",
    compression: "gzip",
    blob: joinBytes([gzip(TEXT), gzip(EMPTY), gzip(toBytes("a")), gzip(ZEROS), gzip(toBytes("b"))]),
    wanted: joinBytes([TEXT, toBytes("a"), ZEROS, toBytes("b")]),
  },
  {
    what: "gzip in many small members",
    compression: "gzip",
    blob: joinBytes(Array.from({ length: 500 }, (_, i) => gzip(toBytes(`member ${i}\n`)))),
    wanted: joinBytes(Array.from({ length: 500 }, (_, i) => toBytes(`member ${i}\n`))),
  },
  { what: "zstd", compression: "zstd", blob: zstd(TEXT), wanted: TEXT },
  { what: "zstd of nothing", compression: "zstd", blob: zstd(EMPTY), wanted: EMPTY },
  {
    what: "zstd in frames, some to be skipped",
    compression: "zstd",
    blob: joinBytes([
      SKIPPABLE,
      zstd(TEXT),
      SKIPPABLE,
      SKIPPABLE,
      zstd(EMPTY),
      zstd(ZEROS),
      zstd(TEXT),
      SKIPPABLE,
    ]),
    wanted: joinBytes([TEXT, ZEROS, TEXT]),
  },
  {
    what: "zstd in many small frames",
    compression: "zstd",
    blob: joinBytes(Array.from({ length: 500 }, (_, i) => zstd(toBytes(`frame ${i}\n`)))),
    wanted: joinBytes(Array.from({ length: 500 }, (_, i) => toBytes(`frame ${i}\n`))),
  },
];

describe("decompression", () => {
  it.each(STREAMS)("of $what", async ({ compression, blob, wanted }) => {
    expect(sameBytes(await decompress(compression, blob), wanted)).toBe(true);
  });

  it.each(STREAMS)("of $what, in pieces of any size", async ({ compression, blob, wanted }) => {
    const sizes = seededRandom(blob.length);
    for (let round = 0; round < 4; round++) {
      const most = [40, 1000, 70_000, 300_000][round]!;
      const pieces = Array.from({ length: 60 }, () => sizes.between(1, most));
      const got = await decompress(compression, blob, [...pieces, Math.max(most, 5000)]);
      expect(sameBytes(got, wanted)).toBe(true);
    }
  });

  it("of gzip, byte by byte and member by member", async () => {
    const members = [gzip(toBytes("one")), gzip(toBytes("two")), gzip(toBytes("three"))];
    const blob = joinBytes(members);
    expect(sameBytes(await decompress("gzip", blob, [1]), toBytes("onetwothree"))).toBe(true);
    const sizes = members.map(({ length }) => length);
    expect(sameBytes(await decompress("gzip", blob, sizes), toBytes("onetwothree"))).toBe(true);
  });

  it("of zstd, byte by byte", async () => {
    const blob = joinBytes([zstd(toBytes("one")), SKIPPABLE, zstd(toBytes("two"))]);
    expect(sameBytes(await decompress("zstd", blob, [1]), toBytes("onetwo"))).toBe(true);
  });
});

describe("malformed blobs are refused", () => {
  const broken = (bytes: Uint8Array, at: number) => {
    const copy = bytes.slice();
    copy[at]! ^= 0xff;
    return copy;
  };
  const text = TEXT.subarray(0, 50_000);

  it.each<{ what: string; compression: Compression; blob: Uint8Array }>([
    { what: "nothing, as gzip", compression: "gzip", blob: EMPTY },
    { what: "nothing, as zstd", compression: "zstd", blob: EMPTY },
    { what: "text, as gzip", compression: "gzip", blob: text },
    { what: "text, as zstd", compression: "zstd", blob: text },
    { what: "zstd, as gzip", compression: "gzip", blob: zstd(text) },
    { what: "gzip, as zstd", compression: "zstd", blob: gzip(text) },
    { what: "gzip with a broken byte", compression: "gzip", blob: broken(gzip(text), 9000) },
    {
      what: "gzip with a broken checksum",
      compression: "gzip",
      blob: broken(gzip(text), gzip(text).length - 6),
    },
    {
      what: "gzip, a later member broken",
      compression: "gzip",
      blob: joinBytes([gzip(text), broken(gzip(text), 9000)]),
    },
    { what: "gzip, then noise", compression: "gzip", blob: joinBytes([gzip(text), text]) },
    { what: "zstd with a broken byte", compression: "zstd", blob: broken(zstd(text), 9000) },
    { what: "zstd, then noise", compression: "zstd", blob: joinBytes([zstd(text), text]) },
    {
      what: "only a frame to be skipped, cut",
      compression: "zstd",
      blob: SKIPPABLE.subarray(0, 9),
    },
  ])("$what", async ({ compression, blob }) => {
    for (const size of [blob.length || 1, 700]) {
      const error = await decompress(compression, blob, [size]).catch((e) => e);
      expect(error).toBeInstanceOf(ArchiveError);
    }
  });

  it.each<{ compression: Compression; blob: Uint8Array }>([
    { compression: "gzip", blob: gzip(toBytes("hello ".repeat(100))) },
    { compression: "zstd", blob: zstd(toBytes("hello ".repeat(100))) },
    { compression: "gzip", blob: joinBytes([gzip(toBytes("a")), gzip(toBytes("b"))]) },
    { compression: "zstd", blob: joinBytes([zstd(toBytes("a")), SKIPPABLE, zstd(toBytes("b"))]) },
  ])("$compression cut anywhere", async ({ compression, blob }) => {
    const whole: number[] = [];
    for (let length = 0; length < blob.length; length++) {
      const result = await decompress(compression, blob.subarray(0, length)).catch((e) => e);
      if (!(result instanceof ArchiveError)) whole.push(length);
    }
    // Between members or frames nothing tells that more should come; the digest does.
    const ends = compression === "gzip"
      ? [gzip(toBytes("a")).length]
      : [zstd(toBytes("a")).length, zstd(toBytes("a")).length + SKIPPABLE.length];
    expect(whole.every((length) => ends.includes(length))).toBe(true);
  });

  it("what the consumer throws comes out, once, and nothing more goes in", async () => {
    for (
      const [compression, blob] of [["gzip", gzip(ZEROS)], ["zstd", zstd(ZEROS)], [
        "none",
        ZEROS,
      ]] as const
    ) {
      let calls = 0;
      const run = async () => {
        using decompressor = openDecompressor(compression, () => {
          calls++;
          throw new RangeError("enough");
        });
        await decompressor.write(blob);
        await decompressor.finish();
      };
      await expect(run()).rejects.toThrow("enough");
      expect(calls).toBe(1);
    }
  });
});

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
