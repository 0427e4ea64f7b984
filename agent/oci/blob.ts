/** Large blobs: verified while they pass, resumed where they are cut. */
import { IntegrityError } from "../errors.ts";
import type { HttpAnswer } from "../http/client.ts";
import { openResumingSource } from "../http/resume.ts";
import type { OnRetry, RetryPolicy } from "../http/retry.ts";
import type { System } from "../sys/system.ts";
import { openVerifiedStream } from "./digest.ts";
import type { Descriptor } from "./image.ts";

/** Without a byte for this long a body counts as cut. */
const STALL_MS = 30_000;

export interface BlobOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told the size of every read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

export interface BlobPlace {
  /** For messages: `layer sha256:… of docker.io/library/alpine`. */
  readonly what: string;
  readonly policy: RetryPolicy;
  readonly onRetry?: OnRetry | undefined;
  /** Sends the request, with these headers. An answer of any status. */
  readonly send: (
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<HttpAnswer>;
  /** The error of an answer that is neither 200 nor 206. */
  readonly explain: (answer: HttpAnswer) => Promise<Error>;
}

/**
 * Opens a blob. Nothing is asked for before the stream is read.
 * @returns a stream that errors with IntegrityError at its end when size or digest are wrong
 */
export function openBlobStream(
  sys: System,
  descriptor: Descriptor,
  place: BlobPlace,
  options: BlobOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { what, policy, onRetry } = place;
  const { size } = descriptor;

  async function openAt(offset: number, signal: AbortSignal): Promise<Response> {
    const answer = await place.send(offset > 0 ? { range: `bytes=${offset}-` } : {}, signal);
    const { response } = answer;
    if (response.status === 200 || (response.status === 206 && offset > 0)) return response;
    if (response.status !== 416) throw await place.explain(answer);
    await response.body?.cancel();
    throw new IntegrityError(what, `${size} bytes`, `no more than ${offset}`);
  }

  const source = openResumingSource(sys, openAt, {
    ...{ what, size, policy, onRetry, stallMs: STALL_MS },
    ...{ signal: options.signal, onBytes: options.onBytes },
  });
  return openVerifiedStream(what, source, descriptor);
}
