/** Bytes that are pulled, in pieces worth handling. */

export interface ByteSource {
  /**
   * The next bytes; undefined at the end. Not to be called again before it has settled.
   * @param into filled from its start by one read. Its buffer is taken over, and is lost at the end
   * and after an error. Without it the bytes come in an ArrayBuffer of their own, small reads put
   * together
   */
  read(into?: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Gives up what is left. Silent when there is nothing. */
  cancel(): Promise<void>;
}

/** Room for what one read brings. */
const READ_BYTES = 512 * 1024;
/** Smaller pieces are put together: what happens once per piece must not be felt. */
const PIECE_BYTES = 256 * 1024;

/**
 * Reads a byte stream. Bytes that came before an error are handed on before it is thrown, so that
 * whoever goes on from there loses none.
 * @param onRead is told the size of every read, before pieces are put together
 */
export function openByteSource(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onRead: (bytes: number) => void = () => {},
): ByteSource {
  // Reading into buffers of our own takes half as long as taking the stream's small ones.
  const reader = stream.getReader({ mode: "byob" });
  let spare: ArrayBuffer | undefined;
  let failure: { readonly error: unknown } | undefined;
  let ended = false;

  async function readOnce(
    into: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (ended) return undefined;
    try {
      const { done, value } = await reader.read(into);
      if (!done) {
        onRead(value.length);
        return value as Uint8Array<ArrayBuffer>;
      }
    } catch (error) {
      failure = { error };
    }
    ended = true;
    return undefined;
  }

  /** Several reads, until they make a piece. */
  async function readPiece(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    let piece: Uint8Array<ArrayBuffer> | undefined;
    let filled = 0;
    while (filled < PIECE_BYTES) {
      const bytes = await readOnce(new Uint8Array(spare ?? new ArrayBuffer(READ_BYTES)));
      spare = undefined;
      if (!bytes) break;
      if (filled === 0 && bytes.length >= PIECE_BYTES) return bytes;
      piece ??= new Uint8Array(PIECE_BYTES + READ_BYTES);
      piece.set(bytes, filled);
      filled += bytes.length;
      spare = bytes.buffer;
    }
    return piece?.subarray(0, filled);
  }

  return {
    async read(into) {
      const bytes = await (into ? readOnce(into) : readPiece());
      if (!bytes && failure) throw failure.error;
      return bytes;
    },
    async cancel() {
      ended = true;
      // A stream that has already failed says so once more.
      await reader.cancel().catch(() => undefined);
    },
  };
}
