/** What to say when a layer could not be unpacked: its blob may be the reason. */
import { ArchiveError } from "../errors.ts";

export type BlobReader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** What is still read of a blob whose archive is malformed, to learn whether it came over right. */
const MAX_DRAINED_BYTES = 64 << 20;

/**
 * What was wrong first. An archive may be malformed because it came over wrong: then the blob errs
 * at its end, and that is the reason to tell, as another source may have it right.
 */
export async function findRootFailure(error: unknown, blob: BlobReader): Promise<unknown> {
  if (error instanceof ArchiveError) {
    try {
      for (let drained = 0; drained < MAX_DRAINED_BYTES;) {
        const { value, done } = await blob.read();
        if (done) return error;
        drained += value.length;
      }
    } catch (blobError) {
      return blobError;
    }
  }
  cancelBlob(blob, error);
  return error;
}

/** Gives up reading. */
export function cancelBlob(blob: BlobReader | undefined, reason: unknown): void {
  // One that erred has nothing to cancel, and says so by rejecting.
  blob?.cancel(reason).catch(() => {});
}
