/** Unpacks a small layer on the thread that asks for it. */
import { openFileCalls } from "../sys/file_calls.ts";
import { cancelBlob, findRootFailure } from "./blob_failure.ts";
import type { LayerRequest, LayerResult } from "./layer.ts";
import { LayerPipeline } from "./layer_pipeline.ts";
import { readMaker } from "./read_maker.ts";

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
    for (;;) {
      const { value, done } = await reader.read();
      signal.throwIfAborted();
      if (done) return await pipeline.finish();
      await pipeline.write(value);
    }
  } catch (error) {
    throw await findRootFailure(error, reader);
  } finally {
    signal.removeEventListener("abort", onAbort);
    reader.releaseLock();
  }
}
