/** One layer on its way to a worker: pieces go over, buffers come back, an outcome ends it. */
import { ArchiveError } from "../errors.ts";
import { type BlobReader, cancelBlob, findRootFailure } from "./blob_failure.ts";
import type { LayerRequest, LayerResult } from "./layer.ts";
import { unpackError, type WorkerReply, type WorkerRequest } from "./worker_messages.ts";

/** Large enough that messages cost nothing, small enough that a layer keeps little on its way. */
const PIECE_BYTES = 256 * 1024;
/** Buffers that go to and fro: so much the network may be ahead of the disk. */
const PIECES = 4;

/** Sends to the worker, in the name of this layer. */
export type PostToWorker = (request: WorkerRequest, transfer: Transferable[]) => void;

export class LayerSession {
  readonly #post: PostToWorker;
  readonly #free: ArrayBuffer[] = [];
  #made = 0;
  /** Why the layer cannot be finished. */
  #failure: Error | undefined;
  #result: LayerResult | undefined;
  /** The worker has let go of the layer, and sent every buffer back; or it is no more. */
  #isOver = false;
  #blob: BlobReader | undefined;
  #wake = () => {};

  constructor(post: PostToWorker) {
    this.#post = post;
  }

  /** Takes what the worker says of this layer. */
  take(reply: WorkerReply): void {
    switch (reply.kind) {
      case "buffer":
        this.#free.push(reply.buffer);
        break;
      case "done":
        this.#result = reply.result;
        break;
      case "aborted":
        this.#isOver = true;
        break;
      case "failed":
        return this.cancel(unpackError(reply.error));
    }
    this.#wake();
  }

  /** Ends the layer with an error. */
  cancel(reason: Error): void {
    this.#failure ??= reason;
    // A read that waits for the network need not be waited for; but see findRootFailure.
    if (!(reason instanceof ArchiveError)) cancelBlob(this.#blob, reason);
    this.#wake();
  }

  /** As `cancel`, and the worker answers no more. */
  break(reason: Error): void {
    this.#isOver = true;
    this.cancel(reason);
  }

  /** As LayerUnpacker's `unpack`; once. */
  async run({ folder, mediaType, blob, limits = {} }: LayerRequest): Promise<LayerResult> {
    const reader = blob.getReader();
    this.#blob = reader;
    try {
      this.#post({ kind: "open", folder, mediaType, limits }, []);
      await this.#send(reader);
      this.#post({ kind: "finish" }, []);
      return await this.#until(() => this.#result);
    } catch (error) {
      // Files are still written to until the worker says that it has stopped.
      if (!this.#isOver) this.#post({ kind: "abort" }, []);
      while (!this.#isOver) await this.#event();
      throw await findRootFailure(error, reader);
    } finally {
      this.#blob = undefined;
      reader.releaseLock();
    }
  }

  async #send(blob: BlobReader): Promise<void> {
    let buffer: ArrayBuffer | undefined;
    let length = 0;
    const flush = () => {
      if (buffer !== undefined) this.#post({ kind: "piece", buffer, length }, [buffer]);
      buffer = undefined;
      length = 0;
    };
    for (;;) {
      const { value, done } = await blob.read();
      if (this.#failure) throw this.#failure;
      if (done) break;
      for (let at = 0; at < value.length;) {
        buffer ??= await this.#until(() => this.#takeBuffer());
        const size = Math.min(PIECE_BYTES - length, value.length - at);
        new Uint8Array(buffer, length, size).set(value.subarray(at, at + size));
        at += size;
        length += size;
        if (length === PIECE_BYTES || this.#isWorkerIdle()) flush();
      }
    }
    flush();
  }

  #takeBuffer(): ArrayBuffer | undefined {
    const free = this.#free.pop();
    if (free !== undefined || this.#made === PIECES) return free;
    this.#made++;
    return new ArrayBuffer(PIECE_BYTES);
  }

  /** With nothing on its way, a piece is sent before it is full. */
  #isWorkerIdle(): boolean {
    return this.#free.length === this.#made - 1;
  }

  async #until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      const found = find();
      if (found !== undefined) return found;
      await this.#event();
    }
  }

  #event(): Promise<void> {
    return new Promise((resolve) => this.#wake = resolve);
  }
}
