import { describe, expect, it } from "vitest";
import { ZstdFrames } from "../../../agent/oci/zstd_frames.ts";
import { joinBytes } from "../../support/tar_bytes.ts";

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** A block: raw of so many bytes, or one byte repeated. */
function block(type: "raw" | "rle", size: number, last: boolean): number[] {
  const header = (last ? 1 : 0) | (type === "rle" ? 2 : 0) | size << 3;
  const body = type === "rle" ? [7] : Array<number>(size).fill(7);
  return [header & 0xff, header >> 8 & 0xff, header >> 16, ...body];
}

/** A frame with a window descriptor and one raw block. */
const SMALL = Uint8Array.from([...MAGIC, 0x00, 0x58, ...block("raw", 5, true)]);
const CHECKED = Uint8Array.from([...MAGIC, 0x04, 0x58, ...block("raw", 0, true), 1, 2, 3, 4]);
const SINGLE = Uint8Array.from([...MAGIC, 0x20, 9, ...block("rle", 9, true)]);
const LARGE = Uint8Array.from(
  // 8 bytes of content size, 4 of dictionary, no window; three blocks
  [...MAGIC, 0xe3, ...Array<number>(12).fill(0)]
    .concat(block("raw", 300, false), block("rle", 100_000, false), block("raw", 1, true)),
);
const SKIPPABLE = Uint8Array.from([0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
const EMPTY_SKIPPABLE = Uint8Array.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);

const FRAMES = [SMALL, SKIPPABLE, CHECKED, LARGE, EMPTY_SKIPPABLE, SINGLE, SMALL];

/** Where frames end, when the stream comes in such pieces. */
function endsOf(stream: Uint8Array, pieceBytes: number): number[] {
  const frames = new ZstdFrames();
  const ends: number[] = [];
  for (let from = 0; from < stream.length; from += pieceBytes) {
    const piece = stream.subarray(from, from + pieceBytes);
    for (let at = 0; at < piece.length;) {
      const end = frames.take(piece, at);
      if (end === undefined) throw new Error("no zstd");
      at = end;
      if (frames.isComplete) ends.push(from + at);
    }
  }
  return ends;
}

describe("ZstdFrames", () => {
  it.each([1, 2, 3, 5, 7, 64, 1000, 100_000])("finds the ends in pieces of %j bytes", (bytes) => {
    let end = 0;
    const wanted = FRAMES.map((frame) => end += frame.length);
    expect(endsOf(joinBytes(FRAMES), bytes)).toEqual(wanted);
  });

  it("is complete nowhere else", () => {
    for (const frame of FRAMES) {
      for (let length = 0; length < frame.length; length++) {
        expect(endsOf(frame.subarray(0, length), 1000)).toEqual([]);
      }
    }
  });

  it("is not complete before there was a frame", () => {
    expect(new ZstdFrames().isComplete).toBe(false);
  });

  it.each([
    { what: "gzip", bytes: [0x1f, 0x8b, 8, 0] },
    { what: "noise after a frame", bytes: [...SMALL, 1, 2, 3, 4] },
    { what: "a reserved block", bytes: [...MAGIC, 0x00, 0x58, 0x07, 0, 0] },
  ])("refuses $what", ({ bytes }) => {
    expect(() => endsOf(Uint8Array.from(bytes), 1000)).toThrow("no zstd");
    expect(() => endsOf(Uint8Array.from(bytes), 1)).toThrow("no zstd");
  });
});
