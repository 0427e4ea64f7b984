/** The main thread's side of an unpacking worker. */
import { AgentError } from "../errors.ts";
import { LayerSession } from "./layer_session.ts";
import type { LayerRequest, LayerResult } from "./layer.ts";
import type { WorkerReply } from "./worker_messages.ts";

/** Unpacks layers, several at once: each takes its turn as its bytes come. */
export class UnpackWorker {
  readonly #worker: Worker;
  readonly #sessions = new Map<number, LayerSession>();
  #lastLayer = 0;
  #broken: Error | undefined;

  constructor() {
    this.#worker = new Worker(new URL("./unpack_worker.ts", import.meta.url).href, {
      type: "module",
    });
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
      this.#sessions.get(data.layer)?.take(data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new Error(`Cannot go on unpacking: a worker broke: ${event.message}`));
    };
  }

  /** How many layers it is at. */
  get load(): number {
    return this.#sessions.size;
  }

  /** False once the worker itself failed, or was ended. */
  get isUsable(): boolean {
    return this.#broken === undefined;
  }

  /** As LayerUnpacker's. `signal` aborted: it is given up. */
  async unpack(request: LayerRequest, signal: AbortSignal): Promise<LayerResult> {
    const layer = ++this.#lastLayer;
    const session = new LayerSession((message, transfer) =>
      this.#worker.postMessage({ ...message, layer }, transfer)
    );
    this.#sessions.set(layer, session);
    const onAbort = () => session.cancel(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await session.run(request);
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#sessions.delete(layer);
    }
  }

  /** Ends it, and the layers that it is at. */
  terminate(): void {
    this.#end(new AgentError("Cannot go on unpacking: its worker was ended"));
  }

  #end(reason: Error): void {
    this.#broken ??= reason;
    this.#worker.terminate();
    for (const session of this.#sessions.values()) session.break(reason);
  }
}
