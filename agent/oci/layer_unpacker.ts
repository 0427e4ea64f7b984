/** Unpacks layers while their bytes arrive: large ones in workers. */
import { AgentError } from "../errors.ts";
import type { LayerRequest, LayerResult } from "./layer.ts";
import { unpackHere } from "./unpack_here.ts";
import { UnpackWorker } from "./worker_client.ts";

/** A pool of workers. Dispose it: that ends them, and whatever they still do. */
export interface LayerUnpacker extends AsyncDisposable {
  /**
   * Fills the folder. It is left half filled on an error: removing it is the caller's part.
   * @throws ArchiveError, SyscallError, or what the blob stream erred with
   */
  unpack(request: LayerRequest): Promise<LayerResult>;
}

/**
 * Layers up to this size are unpacked on the caller's thread: to start another takes 20 ms, and
 * twenty times that on an emulated processor.
 */
const SMALL_BLOB_BYTES = 2 << 20;
/** How long a worker that shall stop may take to put down what it is at. */
const GRACE_MS = 2000;
/** More threads than this wait for the disk, or for each other. */
const MAX_WORKERS = 4;

/**
 * Opens a pool. No worker starts before there is a layer for it; each takes several at once.
 * @param options.workers how many at most; never more than there are processors
 */
export function openLayerUnpacker(options: { readonly workers?: number } = {}): LayerUnpacker {
  const most = Math.min(options.workers ?? MAX_WORKERS, MAX_WORKERS, navigator.hardwareConcurrency);
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  let workers: UnpackWorker[] = [];

  function choose(): UnpackWorker {
    workers = workers.filter((worker) => worker.isUsable);
    const idlest = workers.toSorted((a, b) => a.load - b.load)[0];
    if (idlest !== undefined && (idlest.load === 0 || workers.length >= most)) return idlest;
    const worker = new UnpackWorker();
    workers.push(worker);
    return worker;
  }

  return {
    async unpack(request) {
      const { blob, blobSize = Infinity } = request;
      if (closing.signal.aborted) {
        await blob.cancel(closing.signal.reason);
        throw closing.signal.reason;
      }
      const unpacking = blobSize <= SMALL_BLOB_BYTES
        ? unpackHere(request, closing.signal)
        : choose().unpack(request, closing.signal);
      running.add(unpacking);
      return await unpacking.finally(() => running.delete(unpacking));
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new AgentError("Cannot go on unpacking: the unpacker was closed"));
      const settled = Promise.allSettled(running);
      const { promise: graceIsOver, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, GRACE_MS);
      await Promise.race([settled, graceIsOver]);
      clearTimeout(timer);
      for (const worker of workers) worker.terminate();
      await settled;
    },
  };
}
