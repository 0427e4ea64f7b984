/** Bodies that are read whole: manifests, tokens, error texts. */
import { AgentError, HttpError } from "../errors.ts";
import { quoteForeign } from "../quote_foreign.ts";
import { redactText } from "../redact.ts";
import type { Clock } from "../sys/clock.ts";
import { classifyFailure, renderFailure } from "./connect_failure.ts";
import { withDeadline } from "./deadline.ts";

/** For a body of a few MiB at most, however slowly it trickles. */
const BODY_LIMIT_MS = 120_000;

/** Of a URL in a message. */
const URL_LENGTH = 1000;

export interface SmallBodyLimit {
  /** Bytes. */
  readonly limit: number;
  /** What it is, for messages: `manifest of docker.io/library/alpine:latest`. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a body to its end.
 * @throws AgentError when it is larger than the limit; HttpError (may be tried again) when it is
 * cut; TimeoutError after 120 s
 */
export async function readSmallBody(
  sys: { readonly clock: Clock },
  response: Response,
  limits: SmallBodyLimit,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const deadline = { what: limits.what, ms: BODY_LIMIT_MS, signal: limits.signal };
  return await withDeadline(sys, deadline, async (signal) => {
    const stop = () => void reader.cancel(signal.reason).catch(() => undefined);
    signal.addEventListener("abort", stop, { once: true });
    try {
      for (;;) {
        const { done, value } = await reader.read();
        signal.throwIfAborted();
        if (done) break;
        size += value.length;
        if (size > limits.limit) {
          stop();
          throw new AgentError(
            `Cannot read ${limits.what}: it is larger than ${limits.limit} bytes`,
          );
        }
        chunks.push(value);
      }
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof AgentError) throw cause;
      throw bodyError(response.url, cause);
    } finally {
      signal.removeEventListener("abort", stop);
    }
    return concatenate(chunks, size);
  });
}

/** The error of a body that broke off. */
export function bodyError(url: string, cause: unknown): HttpError {
  const shown = quoteForeign(redactText(url), URL_LENGTH);
  const failure = renderFailure(classifyFailure(cause), url ? new URL(url).host : "the server");
  const message = `Cannot read ${shown} to its end: ${redactText(failure)}`;
  return new HttpError("GET", shown, 0, true, message);
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
