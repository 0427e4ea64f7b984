/** A large body that survives cuts: it goes on where it broke off. */
import { HttpError, IntegrityError, TimeoutError } from "../errors.ts";
import { quoteForeign } from "../quote_foreign.ts";
import type { Clock } from "../sys/clock.ts";
import { type ByteSource, openByteSource } from "./byte_source.ts";
import { parseContentRange } from "./content_range.ts";
import { bodyError } from "./read_small_body.ts";
import { type OnRetry, openBackoff, type RetryPolicy } from "./retry.ts";
import { LOWEST_RATE, type StallWatch, watchStall } from "./watch_stall.ts";

/**
 * Asks for the body from a byte on (with `Range: bytes=OFFSET-` when that is not 0).
 * @returns an answer with status 200 or 206; everything else is thrown
 */
export type OpenFrom = (offset: number, signal: AbortSignal) => Promise<Response>;

export interface ResumeOptions {
  /** For messages: `layer sha256:0123…`. */
  readonly what: string;
  /** Bytes of the whole body. */
  readonly size: number;
  readonly policy: RetryPolicy;
  /** Without a byte for this long, the body counts as cut; at less than the lowest rate, too. */
  readonly stallMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: OnRetry | undefined;
  /** Told the size of every read as it comes. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** After so many bytes a failure no longer counts against the ones before. */
const PROGRESS_BYTES = 1 << 20;

/**
 * Opens a body of known size. Its bytes are not verified here; whoever does sees each of them
 * once, in order, whatever happened on the way.
 * @throws (from `read`) HttpError or TimeoutError when no try is left; IntegrityError when the
 * server has a body of another size
 */
export function openResumingSource(
  sys: { readonly clock: Clock },
  open: OpenFrom,
  options: ResumeOptions,
): ByteSource {
  const { size } = options;
  const backoff = openBackoff(sys, options.policy, options.onRetry);
  const givenUp = new AbortController();
  const signal = AbortSignal.any([givenUp.signal, ...(options.signal ? [options.signal] : [])]);
  let body: ByteSource | undefined;
  let offset = 0;
  let sinceFailure = 0;

  /** Opens the body at `offset`. */
  async function begin(): Promise<ByteSource> {
    const stalled = new AbortController();
    const response = await open(offset, AbortSignal.any([signal, stalled.signal]));
    let skip: number;
    try {
      skip = checkHead(response, offset, options);
    } catch (error) {
      await response.body?.cancel();
      throw error;
    }
    if (!response.body) return EMPTY;
    const watch = watchStall(sys, options.stallMs, (how) => {
      stalled.abort(
        how === "silent"
          ? new TimeoutError(`the next byte of ${options.what}`, options.stallMs)
          : new TimeoutError(`${LOWEST_RATE.bytes} bytes of ${options.what}`, LOWEST_RATE.ms),
      );
    });
    const source = openByteSource(response.body, (bytes) => {
      watch.touch(bytes);
      options.onBytes?.(bytes);
    });
    return watchedSource(source, watch, (error) => {
      if (signal.aborted) return signal.reason;
      return error instanceof TimeoutError ? error : bodyError(response.url, error);
    }, skip);
  }

  return {
    async read(into) {
      const again = into && copyShape(into);
      for (let view = into;; view = again?.()) {
        try {
          body ??= await begin();
          const bytes = await body.read(view);
          if (bytes === undefined && offset < size) {
            throw new HttpError("GET", "", 0, true, `Cannot read ${options.what}: it ended early`);
          }
          offset += bytes?.length ?? 0;
          sinceFailure += bytes?.length ?? 0;
          return bytes;
        } catch (error) {
          await body?.cancel();
          // Every byte is there: how the connection ended does not matter.
          if (body && offset >= size && !signal.aborted) return undefined;
          body = undefined;
          if (sinceFailure >= PROGRESS_BYTES) backoff.reset();
          sinceFailure = 0;
          await backoff.waitAfter(error, signal);
        }
      }
    },
    async cancel() {
      givenUp.abort();
      await body?.cancel();
    },
  };
}

/** @returns how many bytes at the start of the body are known already */
function checkHead(response: Response, offset: number, options: ResumeOptions): number {
  const { what, size } = options;
  if (response.status === 206) {
    const header = response.headers.get("content-range");
    const range = parseContentRange(header);
    if (range?.first !== offset || (range.total !== undefined && range.total !== size)) {
      throw new IntegrityError(
        what,
        `bytes ${offset}-${size - 1}/${size}`,
        quoteForeign(header ?? "no range"),
      );
    }
  }
  const length = response.headers.get("content-length");
  const expected = response.status === 206 ? size - offset : size;
  if (length !== null && Number(length) !== expected) {
    throw new IntegrityError(what, `${expected} bytes`, `${quoteForeign(length)} bytes`);
  }
  return response.status === 206 ? 0 : offset;
}

const EMPTY: ByteSource = {
  read: () => Promise.resolve(undefined),
  cancel: () => Promise.resolve(),
};

/** Makes views like one whose buffer will be gone by then. */
function copyShape({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>) {
  const { byteLength } = buffer;
  return () => new Uint8Array(new ArrayBuffer(byteLength), byteOffset, length);
}

/** Watches a source while it is being read, names its errors, and leaves out its first bytes. */
function watchedSource(
  source: ByteSource,
  watch: StallWatch,
  explain: (error: unknown) => unknown,
  skip: number,
): ByteSource {
  return {
    async read(into) {
      watch.start();
      const length = into?.length;
      try {
        for (let view = into;;) {
          const bytes = await source.read(view);
          if (!bytes) watch[Symbol.dispose]();
          if (!bytes || skip === 0) return bytes;
          const dropped = Math.min(skip, bytes.length);
          skip -= dropped;
          // What is left goes to the front: whoever gave the view expects it there.
          bytes.copyWithin(0, dropped);
          if (dropped < bytes.length) return bytes.subarray(0, bytes.length - dropped);
          view = into && new Uint8Array(bytes.buffer, bytes.byteOffset, length);
        }
      } catch (error) {
        throw explain(error);
      } finally {
        watch.stop();
      }
    },
    async cancel() {
      watch[Symbol.dispose]();
      await source.cancel();
    },
  };
}
