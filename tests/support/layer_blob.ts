/** Layers' blobs, and streams that bring them. */
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { tar } from "./tar_builder.ts";

export const GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
export const ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";
export const PLAIN = "application/vnd.oci.image.layer.v1.tar";

/** 2,000 files in 50 folders, some empty. */
export const MANY_FILES = tar(...Array.from({ length: 2000 }, (_, i) => ({
  name: `folder${i % 50}/file${i}`,
  data: `content of ${i}\n`.repeat(i % 300),
})));

export type Bytes = Uint8Array<ArrayBuffer>;

export const gzip = (bytes: Uint8Array): Bytes => new Uint8Array(gzipSync(bytes));
export const zstd = (bytes: Uint8Array): Bytes => new Uint8Array(zstdCompressSync(bytes));
export const digestOf = (bytes: Uint8Array) =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** A blob in pieces; `end` is what its stream does then. */
export function streamOf(
  bytes: Uint8Array,
  end: "close" | Error | "never" = "close",
  pieceBytes = 30_000,
) {
  let at = 0;
  const drained = Promise.withResolvers<void>();
  const seen = { cancelled: false, drained: drained.promise };
  const stream = new ReadableStream<Bytes>({
    pull(controller) {
      if (at < bytes.length) {
        controller.enqueue(bytes.slice(at, at + pieceBytes));
        at += pieceBytes;
      } else if (end === "close") controller.close();
      else if (end !== "never") controller.error(end);
      else drained.resolve();
    },
    cancel() {
      seen.cancelled = true;
    },
  });
  return { stream, seen };
}
