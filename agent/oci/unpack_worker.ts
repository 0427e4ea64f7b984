/**
 * A worker's own thread: unpacks one layer at a time from pieces that the main thread sends. This
 * is where a worker starts; nothing imports it.
 */
/// <reference lib="deno.worker" />
import { openFileCalls } from "../sys/file_calls.ts";
import { readMaker } from "./read_maker.ts";
import { LayerPipeline } from "./layer_pipeline.ts";
import { packError, type WorkerReply, type WorkerRequest } from "./worker_messages.ts";

const calls = openFileCalls();
const maker = readMaker();
let pipeline: LayerPipeline | undefined;
/** Messages are worked off one after the other, however they come. */
let queue = Promise.resolve();

addEventListener("message", ({ data }: MessageEvent<WorkerRequest>) => {
  queue = queue.then(() => take(data));
});

async function take(request: WorkerRequest): Promise<void> {
  try {
    switch (request.kind) {
      case "open":
        pipeline = new LayerPipeline(
          calls,
          maker,
          request.folder,
          request.mediaType,
          request.limits,
        );
        return;
      case "piece":
        await pipeline?.write(new Uint8Array(request.buffer, 0, request.length));
        return reply({ kind: "buffer", buffer: request.buffer }, [request.buffer]);
      case "finish": {
        if (pipeline === undefined) return; // it has failed, and said so
        const result = await pipeline.finish();
        close();
        return reply({ kind: "done", result });
      }
      case "abort":
        close();
        return reply({ kind: "aborted" });
    }
  } catch (error) {
    close();
    reply({ kind: "failed", error: packError(error) });
  }
}

function close(): void {
  pipeline?.[Symbol.dispose]();
  pipeline = undefined;
}

function reply(message: WorkerReply, transfer: Transferable[] = []): void {
  postMessage(message, transfer);
}
