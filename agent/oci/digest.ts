/** Digests: what they look like, and whether bytes have the one that was promised. */
import { createHash } from "node:crypto";
import { IntegrityError } from "../errors.ts";
import type { ByteSource } from "../http/byte_source.ts";
import type { Digest } from "./image.ts";

/** True for `sha256:` and 64 lower-case hex digits: the one algorithm that registries use. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === "string" && /^sha256:[0-9a-f]{64}$/.test(text);
}

/** The digest of bytes that are all there. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Size and digest that bytes must have. */
export interface Promised {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/**
 * Checks bytes that are all there.
 * @param what for the message: `config of docker.io/library/alpine:latest`
 * @throws IntegrityError
 */
export function checkBytes(what: string, bytes: Uint8Array, promised: Promised): void {
  if (bytes.length !== promised.size) {
    throw new IntegrityError(what, `${promised.size} bytes`, `${bytes.length} bytes`);
  }
  const digest = digestOf(bytes);
  if (digest !== promised.digest) throw new IntegrityError(what, promised.digest, digest);
}

/** Pieces that may wait for a slow consumer, so that the network does not wait for it at once. */
const QUEUED_PIECES = 4;

/**
 * Verifies bytes while they pass. Whoever reads them may work on them at once, but may count on
 * them only after the end: the stream errors there, with IntegrityError, when size or digest are
 * not the promised ones. More bytes than promised are never handed on.
 */
export function openVerifiedStream(
  what: string,
  source: ByteSource,
  promised: Promised,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const hash = createHash("sha256");
  let size = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const bytes = await source.read();
      if (bytes) {
        size += bytes.length;
        if (size > promised.size) {
          await source.cancel();
          throw new IntegrityError(what, `${promised.size} bytes`, "more");
        }
        hash.update(bytes);
        controller.enqueue(bytes);
        return;
      }
      if (size !== promised.size) {
        throw new IntegrityError(what, `${promised.size} bytes`, `${size} bytes`);
      }
      const digest = `sha256:${hash.digest("hex")}`;
      if (digest !== promised.digest) throw new IntegrityError(what, promised.digest, digest);
      controller.close();
    },
    cancel: () => source.cancel(),
  }, { highWaterMark: QUEUED_PIECES });
}
