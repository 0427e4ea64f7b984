import { describe, expect, it } from "vitest";
import { openByteSource } from "../../../agent/http/byte_source.ts";

/** A byte stream of these pieces, which then ends or fails. */
function streamOf(
  sizes: readonly number[],
  error?: Error,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  let next = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const size = sizes[at++];
      if (size !== undefined) {
        controller.enqueue(Uint8Array.from({ length: size }, () => next++ % 251));
      } else if (error) {
        controller.error(error);
      } else {
        controller.close();
        // A close answers a pending read only with this.
        controller.byobRequest?.respond(0);
      }
    },
  });
}

async function drain(sizes: readonly number[], error?: Error) {
  const source = openByteSource(streamOf(sizes, error));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let failure: unknown;
  try {
    for (let piece; (piece = await source.read());) pieces.push(piece);
  } catch (error) {
    failure = error;
  }
  return { pieces, failure };
}

const KIB = 1024;

describe("openByteSource", () => {
  it("puts small pieces together and keeps their order", async () => {
    const { pieces } = await drain(Array.from({ length: 100 }, () => 10 * KIB));
    expect(pieces.map((piece) => piece.length)).toEqual([260, 260, 260, 220].map((n) => n * KIB));
    const all = pieces.flatMap((piece) => [...piece]);
    expect(all.every((byte, index) => byte === index % 251)).toBe(true);
  });
  it("gives every piece a buffer of its own", async () => {
    const { pieces } = await drain([300 * KIB, 300 * KIB, 5, 6]);
    expect(new Set(pieces.map((piece) => piece.buffer)).size).toBe(pieces.length);
  });
  it("hands on what came before an error, then throws it", async () => {
    const { pieces, failure } = await drain([5, 6], new Error("cut"));
    expect(pieces.map((piece) => piece.length)).toEqual([11]);
    expect((failure as Error).message).toBe("cut");
  });
  it("ends at once when there is nothing, and stays ended", async () => {
    const source = openByteSource(streamOf([]));
    expect(await source.read()).toBeUndefined();
    expect(await source.read()).toBeUndefined();
  });
  it("tells the size of every read", async () => {
    const sizes: number[] = [];
    const source = openByteSource(streamOf([5, 6]), (size) => sizes.push(size));
    while (await source.read());
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(11);
  });
  it("can be cancelled, also after an error", async () => {
    const source = openByteSource(streamOf([], new Error("cut")));
    await source.read().catch(() => undefined);
    await source.cancel();
    expect(await openByteSource(streamOf([5])).cancel()).toBeUndefined();
  });
  it("fills a view that it is given, from its start, with one read", async () => {
    const source = openByteSource(streamOf([5, 6]));
    const first = await source.read(new Uint8Array(new ArrayBuffer(64), 8, 32));
    expect([first?.byteOffset, first?.buffer.byteLength]).toEqual([8, 64]);
    const second = await source.read(new Uint8Array(4));
    expect([...first!, ...second!].slice(0, 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
