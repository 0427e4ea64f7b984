/** Unpacks layers in workers, one layer each, while their bytes arrive. */
import type { Digest } from "./image.ts";

/** A layer to unpack. */
export interface LayerRequest {
  /** An existing, empty folder. */
  readonly folder: string;
  /** Of the descriptor; tells the compression. */
  readonly mediaType: string;
  /** The blob as it arrives. It errors at its end when size or digest are wrong. */
  readonly blob: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** What came of a layer. */
export interface LayerResult {
  /** sha256 of the whole tar, trailing bytes included. */
  readonly diffId: Digest;
  /** Bytes of the tar. */
  readonly size: number;
  /** Entries that were applied. */
  readonly entries: number;
}

/** A pool of workers. Dispose it: that ends them, and whatever they still do. */
export interface LayerUnpacker extends AsyncDisposable {
  /**
   * Fills the folder. It is left half filled on an error: removing it is the caller's part.
   * @throws ArchiveError, SyscallError, or what the blob stream erred with
   */
  unpack(request: LayerRequest): Promise<LayerResult>;
}

/** Opens a pool. `workers`: how many layers are unpacked at once. */
export function openLayerUnpacker(options: { readonly workers?: number } = {}): LayerUnpacker {
  throw new TypeError(`Cannot open ${options.workers ?? 1} workers: interface only`);
}
