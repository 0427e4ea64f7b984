/** What can go wrong with a registry, as data. */

/** Which requests a fault is for. `config` and `layer` are blobs. */
export type FaultPlace = "ping" | "manifest" | "config" | "layer" | "tags" | "token" | "store";

export type Fault =
  & {
    readonly on: FaultPlace;
    /** For HEAD, or for everything else. Default: both. */
    readonly method?: "HEAD" | "GET";
    /** How often it happens. Default: always. */
    readonly times?: number;
  }
  & (
    /** An answer with this status. */
    | {
      readonly kind: "status";
      readonly status: number;
      readonly retryAfter?: string;
      readonly body?: string;
      readonly challenge?: string;
    }
    /** The connection breaks after so many bytes of the body. */
    | { readonly kind: "cut"; readonly after: number }
    /** Nothing comes any more after so many bytes. */
    | { readonly kind: "stall"; readonly after: number }
    /** The body comes in pieces of this size, one each interval. */
    | { readonly kind: "trickle"; readonly bytes: number; readonly intervalMs: number }
    /** One byte of the body is another. */
    | { readonly kind: "corrupt" }
    /** The body is so many bytes longer (or shorter). */
    | { readonly kind: "resize"; readonly by: number }
    /** The body comes in chunks, without Content-Length. */
    | { readonly kind: "noLength" }
    /** `Range` is not looked at. */
    | { readonly kind: "noRange" }
    /** The answer to a `Range` begins so many bytes too late. */
    | { readonly kind: "wrongRange"; readonly by: number }
    /** A header has this value; "" leaves it out. */
    | { readonly kind: "header"; readonly name: string; readonly value: string }
    /** Leads elsewhere; `{digest}` stands for the blob's. */
    | { readonly kind: "redirect"; readonly to: string; readonly status?: number }
    /** The body is this. */
    | { readonly kind: "body"; readonly body: Uint8Array<ArrayBuffer> }
  );

/** A body, and how it is sent. */
export interface Reply {
  status: number;
  readonly headers: Headers;
  body: Uint8Array<ArrayBuffer>;
  /** The connection breaks, or goes silent, after so many bytes. */
  end?: { readonly kind: "cut" | "stall"; readonly after: number };
  trickle?: { readonly bytes: number; readonly intervalMs: number };
  chunked?: boolean;
}

/** The answer as a fault leaves it. Ranges are the server's business, and done before. */
export function applyFault(reply: Reply, fault: Fault, digest: string): void {
  switch (fault.kind) {
    case "status":
      reply.status = fault.status;
      reply.body = new TextEncoder().encode(fault.body ?? "");
      reply.headers.delete("docker-content-digest");
      if (fault.retryAfter) reply.headers.set("retry-after", fault.retryAfter);
      if (fault.challenge) reply.headers.set("www-authenticate", fault.challenge);
      return;
    case "cut":
    case "stall":
      reply.end = fault;
      return;
    case "trickle":
      reply.trickle = fault;
      return;
    case "corrupt":
      reply.body = reply.body.slice();
      reply.body[reply.body.length >> 1]! ^= 1;
      return;
    case "resize": {
      const body = new Uint8Array(Math.max(0, reply.body.length + fault.by));
      body.set(reply.body.subarray(0, body.length));
      reply.body = body;
      return;
    }
    case "noLength":
      reply.chunked = true;
      return;
    case "header":
      if (fault.value === "") reply.headers.delete(fault.name);
      else reply.headers.set(fault.name, fault.value);
      return;
    case "redirect":
      reply.status = fault.status ?? 307;
      reply.headers.set("location", fault.to.replaceAll("{digest}", digest));
      reply.body = new Uint8Array();
      return;
    case "body":
      reply.body = fault.body;
      return;
    case "noRange":
    case "wrongRange":
      return;
  }
}

/** Sends an answer the way that its faults say. */
export function renderReply(reply: Reply, method: string): Response {
  const { status, headers, body, chunked, end, trickle } = reply;
  if (method === "HEAD" || status === 304) return new Response(null, { status, headers });
  if (!chunked) headers.set("content-length", String(body.length));
  if (!chunked && !end && !trickle) return new Response(body, { status, headers });
  return new Response(sendSlowly(body, end, trickle), { status, headers });
}

const CHUNK_BYTES = 64 * 1024;

function sendSlowly(
  body: Uint8Array<ArrayBuffer>,
  end: Reply["end"],
  trickle: Reply["trickle"],
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const last = Math.min(end?.after ?? body.length, body.length);
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      if (at >= last) {
        if (!end) return controller.close();
        // Never settles: the client is the one who gives up, and that cancels the stream.
        if (end.kind === "stall") return await new Promise(() => {});
        // What was sent gets to the other side before the connection breaks.
        await new Promise((resolve) => setTimeout(resolve, 20));
        return controller.error(new Error("cut as planned"));
      }
      const next = Math.min(last, at + (trickle?.bytes ?? CHUNK_BYTES));
      controller.enqueue(body.slice(at, next));
      at = next;
      if (trickle) await new Promise((resolve) => setTimeout(resolve, trickle.intervalMs));
    },
  });
}
