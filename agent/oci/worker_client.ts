/** The main thread's side of an unpacking worker. */
import { AgentError, ArchiveError } from "../errors.ts";
import { type BlobReader, cancelBlob, findRootFailure } from "./blob_failure.ts";
import type { LayerRequest, LayerResult } from "./layer_unpacker.ts";
import { unpackError, type WorkerReply, type WorkerRequest } from "./worker_messages.ts";

/** Large enough that messages cost nothing, small enough that a layer keeps little on its way. */
const PIECE_BYTES = 256 * 1024;
/** Buffers that go to and fro: so much the network may be ahead of the disk. */
const PIECES = 4;
/** Unpacks one layer at a time. */
export class UnpackWorker implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #free = Array.from({ length: PIECES }, () => new ArrayBuffer(PIECE_BYTES));
  #state: "idle" | "busy" | "closed" | "broken" = "idle";
  /** Why the current layer cannot be finished. */
  #failure: Error | undefined;
  #result: LayerResult | undefined;
  #isAborted = false;
  #blob: BlobReader | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #wake = () => {};

  constructor() {
    this.#worker = new Worker(new URL("./unpack_worker.ts", import.meta.url).href, {
      type: "module",
    });
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => this.#take(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#state = "broken";
      this.#fail(new Error(`Cannot go on unpacking: a worker broke: ${event.message}`));
    };
  }

  get isUsable(): boolean {
    return this.#state === "idle";
  }

  /** As LayerUnpacker's; only while it is usable. */
  unpack(request: LayerRequest): Promise<LayerResult> {
    const running = this.#run(request);
    this.#running = running.catch(() => {});
    return running;
  }

  /** Breaks off what it does, and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state !== "broken") this.#state = "closed";
    this.#fail(new AgentError("Cannot go on unpacking: the unpacker was closed"));
    await this.#running;
    this.#worker.terminate();
  }

  async #run(request: LayerRequest): Promise<LayerResult> {
    const { folder, mediaType, limits = {} } = request;
    const blob = request.blob.getReader();
    this.#state = "busy";
    this.#blob = blob;
    this.#failure = this.#result = undefined;
    this.#isAborted = false;
    try {
      this.#post({ kind: "open", folder, mediaType, limits });
      await this.#send(blob);
      this.#post({ kind: "finish" });
      return await this.#until(() => this.#result);
    } catch (error) {
      await this.#abort();
      throw await findRootFailure(error, blob);
    } finally {
      this.#blob = undefined;
      blob.releaseLock();
      if (this.#state === "busy") this.#state = "idle";
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
    try {
      for (;;) {
        const { value, done } = await blob.read();
        if (this.#failure) throw this.#failure;
        if (done) break;
        for (let at = 0; at < value.length;) {
          buffer ??= await this.#until(() => this.#free.pop());
          const size = Math.min(PIECE_BYTES - length, value.length - at);
          new Uint8Array(buffer, length, size).set(value.subarray(at, at + size));
          at += size;
          length += size;
          // A worker with nothing to do does not wait for a piece to be full.
          if (length === PIECE_BYTES || this.#free.length === PIECES - 1) flush();
        }
      }
      flush();
    } finally {
      if (buffer !== undefined) this.#free.push(buffer);
    }
  }

  /** Ends the layer in the worker. Every buffer is back then. */
  async #abort(): Promise<void> {
    if (!this.#isBroken()) this.#post({ kind: "abort" });
    while (!this.#isAborted && !this.#isBroken()) await this.#event();
  }

  #isBroken(): boolean {
    return this.#state === "broken";
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

  #take(reply: WorkerReply): void {
    switch (reply.kind) {
      case "buffer":
        this.#free.push(reply.buffer);
        break;
      case "done":
        this.#result = reply.result;
        break;
      case "aborted":
        this.#isAborted = true;
        break;
      case "failed":
        return this.#fail(unpackError(reply.error));
    }
    this.#wake();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    // A read that waits for the network need not be waited for; but see findRootFailure.
    if (!(error instanceof ArchiveError)) cancelBlob(this.#blob, error);
    this.#wake();
  }

  #post(request: WorkerRequest, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }
}
