/** File contents that compress about as well as those of real images: text 3:1, programs 2:1. */
import type { Random } from "../support/random.ts";

export type ContentKind = "text" | "program";

/** Contents are cut from pools, larger than any compressor's window, at random places. */
const POOL_BYTES = 24 << 20;
const DICTIONARY_WORDS = 6000;

export interface ContentPools {
  take(kind: ContentKind, bytes: number): Uint8Array;
}

export function makeContentPools(random: Random): ContentPools {
  const pools = { text: makeText(random), program: makeProgram(random) };
  return {
    take(kind, bytes) {
      const pool = pools[kind];
      const piece = new Uint8Array(bytes);
      for (let at = 0; at < bytes;) {
        const from = random.between(0, pool.length - 1);
        const size = Math.min(bytes - at, pool.length - from);
        piece.set(pool.subarray(from, from + size), at);
        at += size;
      }
      return piece;
    },
  };
}

/** Words as often as in languages: the n-th with a frequency of about 1/n. */
function makeText(random: Random): Uint8Array {
  const letters = "etaoinshrdlucmfwypvbgkjqxz_0123456789";
  const words = Array.from({ length: DICTIONARY_WORDS }, () => {
    const length = random.between(2, 12);
    const letter = () => letters[Math.floor(random.next() ** 2 * letters.length)] ?? "e";
    return new TextEncoder().encode(Array.from({ length }, letter).join("") + " ");
  });
  const pool = new Uint8Array(POOL_BYTES);
  for (let at = 0, word = 0; at < pool.length; word++) {
    const bytes = words[Math.floor(DICTIONARY_WORDS ** random.next()) - 1] ?? words[0]!;
    pool.set(bytes.subarray(0, pool.length - at), at);
    at += bytes.length;
    if (word % 11 === 10 && at < pool.length) pool[at++] = 0x0a;
  }
  return pool;
}

/** Short sequences that come again, as instructions do, between bytes that nothing foretells. */
function makeProgram(random: Random): Uint8Array {
  const sequences = Array.from(
    { length: 2000 },
    () => Uint8Array.from({ length: random.between(2, 9) }, () => random.between(0, 255)),
  );
  const pool = new Uint8Array(POOL_BYTES);
  for (let at = 0; at < pool.length;) {
    if (random.next() < 0.3) {
      pool[at++] = random.between(0, 255);
      continue;
    }
    const bytes = sequences[Math.floor(2000 ** random.next()) - 1] ?? sequences[0]!;
    pool.set(bytes.subarray(0, pool.length - at), at);
    at += bytes.length;
  }
  return pool;
}
