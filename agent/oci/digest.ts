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

/** Read at once when it is copied afterwards. */
const COPY_BYTES = 128 * 1024;

/**
 * Verifies bytes while they pass. Whoever reads them may work on them at once, but may count on
 * them only after the end: the stream errors there, with IntegrityError, when size or digest are
 * not the promised ones. More bytes than promised are never handed on.
 *
 * It is a byte stream: a reader that brings its own buffers ("byob") has them filled. That takes no
 * copy when the view is the whole buffer; an ordinary reader gets large pieces, each in a buffer of
 * its own.
 */
export function openVerifiedStream(
  what: string,
  source: ByteSource,
  promised: Promised,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const hash = createHash("sha256");
  let size = 0;
  let spare: ArrayBuffer | undefined;

  async function readVerified(
    into: Uint8Array<ArrayBuffer> | undefined,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = await source.read(into);
    size += bytes?.length ?? 0;
    if (size > promised.size || (!bytes && size < promised.size)) {
      await source.cancel();
      const got = bytes ? "more" : `${size} bytes`;
      throw new IntegrityError(what, `${promised.size} bytes`, got);
    }
    if (bytes) {
      hash.update(bytes);
      return bytes;
    }
    const digest = `sha256:${hash.digest("hex")}`;
    if (digest !== promised.digest) throw new IntegrityError(what, promised.digest, digest);
    return undefined;
  }

  async function pullInto(
    controller: ReadableByteStreamController,
    request: ReadableStreamBYOBRequest,
    view: Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    const { buffer, length } = view;
    if (length === buffer.byteLength) {
      // The source takes the buffer over, and may lose it to a connection that breaks; there is
      // nothing else in it to lose.
      const bytes = await readVerified(view);
      if (bytes) return request.respondWithNewView(bytes);
      controller.close();
      return request.respondWithNewView(new Uint8Array(new ArrayBuffer(length), 0, 0));
    }
    spare ??= new ArrayBuffer(COPY_BYTES);
    const bytes = await readVerified(new Uint8Array(spare, 0, Math.min(length, COPY_BYTES)));
    spare = bytes?.buffer;
    if (bytes) view.set(bytes);
    else controller.close();
    request.respond(bytes?.length ?? 0);
  }

  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      const request = controller.byobRequest;
      if (request?.view) {
        // A stream takes its readers' buffers over, which it could not do with shared ones.
        const { buffer, byteOffset, byteLength } = request.view as Uint8Array<ArrayBuffer>;
        return await pullInto(controller, request, new Uint8Array(buffer, byteOffset, byteLength));
      }
      const bytes = await readVerified(undefined);
      if (bytes) controller.enqueue(bytes);
      else controller.close();
    },
    cancel: () => source.cancel(),
  }, { highWaterMark: 0 });
}
