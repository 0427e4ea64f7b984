/**
 * A worker's own thread: unpacks layers from pieces that the main thread sends. This is where a
 * worker starts; nothing imports it.
 */
/// <reference lib="deno.worker" />
import { openFileCalls } from "../sys/file_calls.ts";
import { LayerPipeline } from "./layer_pipeline.ts";
import { readMaker } from "./read_maker.ts";
import { packError, type WorkerReply, type WorkerRequest } from "./worker_messages.ts";

/** A layer that is being unpacked. */
interface Layer {
  /** Undefined once it has failed. */
  pipeline: LayerPipeline | undefined;
  /** Its messages are worked off one after the other. */
  queue: Promise<void>;
}

const calls = openFileCalls();
const maker = readMaker();
const layers = new Map<number, Layer>();

addEventListener("message", ({ data }: MessageEvent<WorkerRequest & { layer: number }>) => {
  let layer = layers.get(data.layer);
  if (layer === undefined) {
    layer = { pipeline: undefined, queue: Promise.resolve() };
    layers.set(data.layer, layer);
  }
  const current = layer;
  current.queue = current.queue.then(() => take(data.layer, current, data));
});

async function take(id: number, layer: Layer, request: WorkerRequest): Promise<void> {
  try {
    switch (request.kind) {
      case "open": {
        const { folder, mediaType, limits } = request;
        layer.pipeline = new LayerPipeline(calls, maker, folder, mediaType, limits);
        return;
      }
      case "piece":
        await layer.pipeline?.write(new Uint8Array(request.buffer, 0, request.length));
        return reply({ layer: id, kind: "buffer", buffer: request.buffer }, [request.buffer]);
      case "finish": {
        if (layer.pipeline === undefined) return; // it has failed, and said so
        const result = await layer.pipeline.finish();
        close(layer);
        layers.delete(id);
        return reply({ layer: id, kind: "done", result });
      }
      case "abort":
        close(layer);
        layers.delete(id);
        return reply({ layer: id, kind: "aborted" });
    }
  } catch (error) {
    close(layer);
    reply({ layer: id, kind: "failed", error: packError(error) });
  }
}

function close(layer: Layer): void {
  layer.pipeline?.[Symbol.dispose]();
  layer.pipeline = undefined;
}

function reply(message: WorkerReply, transfer: Transferable[] = []): void {
  postMessage(message, transfer);
}
