/** What goes into the unpacking of a layer, and what comes out. */
import type { Digest } from "./image.ts";
import type { UnpackLimits } from "./unpack.ts";

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
