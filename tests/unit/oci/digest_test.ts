import { describe, expect, it } from "vitest";
import { IntegrityError } from "../../../agent/errors.ts";
import type { ByteSource } from "../../../agent/http/byte_source.ts";
import { checkBytes, digestOf, isDigest, openVerifiedStream } from "../../../agent/oci/digest.ts";

const ABC = new TextEncoder().encode("abc");
// FIPS 180-2, B.1.
const ABC_DIGEST = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

function sourceOf(pieces: readonly string[]): ByteSource & { cancelled: boolean } {
  const left = [...pieces];
  return {
    cancelled: false,
    read: () => {
      const piece = left.shift();
      return Promise.resolve(piece === undefined ? undefined : new TextEncoder().encode(piece));
    },
    cancel() {
      this.cancelled = true;
      return Promise.resolve();
    },
  };
}

async function readAll(stream: ReadableStream<Uint8Array>) {
  const reader = stream.getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += new TextDecoder().decode(value);
  }
}

describe("isDigest", () => {
  it.each([
    { text: ABC_DIGEST, wanted: true },
    { text: ABC_DIGEST.toUpperCase(), wanted: false },
    { text: ABC_DIGEST.slice(0, -1), wanted: false },
    { text: `${ABC_DIGEST}0`, wanted: false },
    { text: ABC_DIGEST.replace("sha256", "sha512"), wanted: false },
    { text: `${ABC_DIGEST}\n`, wanted: false },
    { text: undefined, wanted: false },
    { text: 5, wanted: false },
  ])("$text", ({ text, wanted }) => {
    expect(isDigest(text)).toBe(wanted);
  });
});

describe("digestOf and checkBytes", () => {
  it("agree with the standard", () => {
    expect(digestOf(ABC)).toBe(ABC_DIGEST);
    expect(checkBytes("x", ABC, { digest: ABC_DIGEST, size: 3 })).toBeUndefined();
  });
  it("name what differs", () => {
    expect(() => checkBytes("config", ABC, { digest: ABC_DIGEST, size: 4 }))
      .toThrow("Cannot accept config: wanted 4 bytes, got 3 bytes");
    const other = digestOf(new Uint8Array());
    expect(() => checkBytes("config", ABC, { digest: other, size: 3 })).toThrow(IntegrityError);
  });
});

describe("openVerifiedStream", () => {
  const good = { digest: ABC_DIGEST, size: 3 };

  it.each([{ pieces: ["abc"] }, { pieces: ["a", "bc"] }])("passes $pieces", async ({ pieces }) => {
    expect(await readAll(openVerifiedStream("x", sourceOf(pieces), good))).toBe("abc");
  });
  it("passes nothing when nothing is promised", async () => {
    const promised = { digest: digestOf(new Uint8Array()), size: 0 };
    expect(await readAll(openVerifiedStream("x", sourceOf([]), promised))).toBe("");
  });
  it("errors at the end when the digest differs", async () => {
    const reader = openVerifiedStream("layer", sourceOf(["a", "bd"]), good).getReader();
    expect((await reader.read()).value).toEqual(ABC.subarray(0, 1));
    expect((await reader.read()).value).toHaveLength(2);
    await expect(reader.read()).rejects.toThrow(IntegrityError);
  });
  it("errors when bytes are missing", async () => {
    await expect(readAll(openVerifiedStream("layer", sourceOf(["ab"]), good)))
      .rejects.toThrow("wanted 3 bytes, got 2 bytes");
  });
  it("hands on no more than was promised", async () => {
    const source = sourceOf(["abc", "d"]);
    const stream = openVerifiedStream("layer", source, good);
    await expect(readAll(stream)).rejects.toThrow("wanted 3 bytes, got more");
    expect(source.cancelled).toBe(true);
  });
  it("gives up the source when it is cancelled", async () => {
    const source = sourceOf(["a", "b", "c"]);
    await openVerifiedStream("layer", source, good).cancel();
    expect(source.cancelled).toBe(true);
  });

  /** Sends "abc", two bytes a read, into the views that it is given, whose buffers it takes over. */
  function fillingSource(): ByteSource {
    let sent = 0;
    return {
      ...sourceOf([]),
      read(into) {
        const { byteOffset, length } = into!;
        const size = Math.min(3 - sent, 2, length);
        if (size === 0) return Promise.resolve(undefined);
        into!.set(ABC.subarray(sent, sent + size));
        sent += size;
        const buffer = structuredClone(into!.buffer, { transfer: [into!.buffer] });
        return Promise.resolve(new Uint8Array(buffer, byteOffset, size));
      },
    };
  }

  it("fills whole buffers of its reader, and gives one back at the end", async () => {
    const reader = openVerifiedStream("x", fillingSource(), good).getReader({ mode: "byob" });
    const first = await reader.read(new Uint8Array(8));
    expect([...first.value!]).toEqual([...ABC.subarray(0, 2)]);
    const second = await reader.read(new Uint8Array(first.value!.buffer));
    expect([...second.value!]).toEqual([...ABC.subarray(2)]);
    const end = await reader.read(new Uint8Array(second.value!.buffer));
    expect([end.done, end.value?.buffer.byteLength]).toEqual([true, 8]);
  });

  it("keeps what is in a buffer beside the view", async () => {
    const reader = openVerifiedStream("x", fillingSource(), good).getReader({ mode: "byob" });
    let buffer = new Uint8Array([9, 9, 9, 9, 9]).buffer;
    for (const at of [1, 3, 4]) {
      const { value } = await reader.read(new Uint8Array(buffer, at, 1 + Number(at === 1)));
      buffer = value!.buffer as ArrayBuffer;
    }
    expect([...new Uint8Array(buffer)]).toEqual([9, ...ABC, 9]);
  });
});
