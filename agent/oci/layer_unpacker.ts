/** Unpacks layers while their bytes arrive: large ones in workers, one layer each. */
import { AgentError } from "../errors.ts";
import type { Digest } from "./image.ts";
import type { UnpackLimits } from "./unpack.ts";
import { unpackHere } from "./unpack_here.ts";
import { UnpackWorker } from "./worker_client.ts";

/** A layer to unpack. */
export interface LayerRequest {
  /** An existing, empty folder. */
  readonly folder: string;
  /** Of the descriptor; tells the compression. */
  readonly mediaType: string;
  /** The blob as it arrives. It errors at its end when size or digest are wrong. */
  readonly blob: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Bytes of the blob, as the descriptor says; undefined: not known. */
  readonly blobSize?: number;
  /** Default: 10^7 entries, any size. */
  readonly limits?: UnpackLimits;
}

/** What came of a layer. */
export interface LayerResult {
  /** sha256 of the whole tar, trailing bytes included. */
  readonly diffId: Digest;
  /** Bytes of the tar. */
  readonly size: number;
  /** Entries that were applied. */
  readonly entries: number;
  /** What could not be kept and does not matter enough to fail, a sentence each. */
  readonly warnings: readonly string[];
}

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
/** As many as layers are pulled at once by default. */
const DEFAULT_WORKERS = 3;

/**
 * Opens a pool. No worker starts before there is a layer for it.
 * @param options.workers how many layers are unpacked at once
 */
export function openLayerUnpacker(options: { readonly workers?: number } = {}): LayerUnpacker {
  const { workers: most = DEFAULT_WORKERS } = options;
  const idle: UnpackWorker[] = [];
  const busy = new Set<UnpackWorker>();
  const waiting: (() => void)[] = [];
  const closing = new AbortController();
  let here: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  async function take(): Promise<UnpackWorker> {
    while (busy.size >= most && !isClosed) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    if (isClosed) throw new AgentError("Cannot unpack a layer: the unpacker is closed");
    const worker = idle.pop() ?? new UnpackWorker();
    busy.add(worker);
    return worker;
  }

  function giveBack(worker: UnpackWorker): void {
    busy.delete(worker);
    if (worker.isUsable && !isClosed) idle.push(worker);
    waiting.shift()?.();
  }

  return {
    async unpack(request) {
      const { blobSize = Infinity } = request;
      if (blobSize <= SMALL_BLOB_BYTES && !isClosed) {
        const unpacking = unpackHere(request, closing.signal);
        here = Promise.allSettled([here, unpacking]);
        return await unpacking;
      }
      let worker: UnpackWorker;
      try {
        worker = await take();
      } catch (error) {
        await request.blob.cancel(error);
        throw error;
      }
      try {
        return await worker.unpack(request);
      } finally {
        giveBack(worker);
      }
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      closing.abort(new AgentError("Cannot go on unpacking: the unpacker was closed"));
      await here;
      for (const wake of waiting.splice(0)) wake();
      await Promise.all([...busy, ...idle].map((worker) => worker[Symbol.asyncDispose]()));
    },
  };
}
