/** Unpacks a small layer on the thread that asks for it. */
import { openFileCalls } from "../sys/file_calls.ts";
import { cancelBlob, findRootFailure } from "./blob_failure.ts";
import type { LayerRequest, LayerResult } from "./layer.ts";
import { LayerPipeline } from "./layer_pipeline.ts";
import { readMaker } from "./read_maker.ts";

/** So little that what becomes of it does not take long: gzip makes 1,000 bytes of one at most. */
const PIECE_BYTES = 32 * 1024;
/** zstd knows no such limit. */
const ZSTD_PIECE_BYTES = 4096;
/** Then whatever else this thread has to do comes first. */
const TURN_MS = 50;

/** As LayerUnpacker's. `signal` aborted: it is given up. */
export async function unpackHere(
  { folder, mediaType, limits = {}, blob }: LayerRequest,
  signal: AbortSignal,
): Promise<LayerResult> {
  const reader = blob.getReader();
  const onAbort = () => cancelBlob(reader, signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    using pipeline = new LayerPipeline(openFileCalls(), readMaker(), folder, mediaType, limits);
    const pieceBytes = mediaType.endsWith("zstd") ? ZSTD_PIECE_BYTES : PIECE_BYTES;
    let turn = performance.now();
    for (;;) {
      const { value, done } = await reader.read();
      signal.throwIfAborted();
      if (done) return await pipeline.finish();
      for (let at = 0; at < value.length; at += pieceBytes) {
        await pipeline.write(value.subarray(at, at + pieceBytes));
        if (performance.now() - turn < TURN_MS) continue;
        await nextTurn();
        signal.throwIfAborted();
        turn = performance.now();
      }
    }
  } catch (error) {
    throw await findRootFailure(error, reader);
  } finally {
    signal.removeEventListener("abort", onAbort);
    reader.releaseLock();
  }
}

/** Timers that are due and input that is there have gone before when this is over. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
