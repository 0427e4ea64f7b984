/** Turns a layer's blob into its tar, piece by piece, in memory that does not grow with it. */
import {
  constants,
  createGunzip,
  createZstdDecompress,
  type Gunzip,
  type ZstdDecompress,
} from "node:zlib";
import { ArchiveError } from "../errors.ts";
import type { Compression } from "./layer_compression.ts";
import { ZstdFrames } from "./zstd_frames.ts";

/** Takes a blob. One call at a time. */
export interface Decompressor extends Disposable {
  /**
   * Takes the next bytes; done when all that came of them was handed on.
   * @throws ArchiveError when they are malformed; whatever `onData` throws
   */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * The blob is complete.
   * @throws ArchiveError when it is cut off; whatever `onData` throws
   */
  finish(): Promise<void>;
}

/** Larger pieces make fewer events; past this size that is no longer felt. */
const OUTPUT_BYTES = 256 * 1024;
/** The largest window that zstd makes without being told to ("--long"): 128 MiB. */
const MAX_WINDOW_LOG = 27;

/**
 * Opens a decompressor.
 * @param onData gets each piece of the tar; it may keep it
 */
export function openDecompressor(
  compression: Compression,
  onData: (bytes: Uint8Array) => void,
): Decompressor {
  switch (compression) {
    case "none":
      return {
        write(bytes) {
          onData(bytes);
          return Promise.resolve();
        },
        finish: () => Promise.resolve(),
        [Symbol.dispose]() {},
      };
    case "gzip": {
      const options = { chunkSize: OUTPUT_BYTES };
      return openStream("gzip", createGunzip(options), onData);
    }
    case "zstd": {
      const options = {
        chunkSize: OUTPUT_BYTES,
        params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG },
      };
      return splitFrames(openStream("zstd", createZstdDecompress(options), onData));
    }
  }
}

function openStream(
  name: string,
  stream: Gunzip | ZstdDecompress,
  onData: (bytes: Uint8Array) => void,
): Decompressor {
  let failure: unknown;
  let isEnded = false;
  let settle = () => {};
  const fail = (error: unknown) => {
    failure ??= error;
    settle();
  };
  let buffer: ArrayBuffer | undefined;
  stream.on("data", (bytes: Uint8Array<ArrayBuffer>) => {
    if (bytes.buffer !== buffer) {
      buffer?.transfer(0);
      buffer = bytes.buffer;
    }
    if (failure !== undefined) return;
    try {
      // No Buffer: its slice() is a view, where everybody takes it for a copy.
      onData(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    } catch (error) {
      // Thrown on from here it would be nobody's.
      fail(error);
    }
  });
  stream.on("end", () => {
    isEnded = true;
    settle();
  });
  stream.on("error", (cause: Error) => {
    fail(new ArchiveError("", `its ${name} data is malformed or cut off`, { cause }));
  });
  const outcome = (start: () => void) =>
    new Promise<void>((resolve, reject) => {
      settle = () => failure === undefined ? resolve() : reject(failure);
      if (failure === undefined) start();
      else settle();
    });
  return {
    write: (bytes) => outcome(() => stream.write(bytes, () => settle())),
    async finish() {
      await outcome(() => isEnded ? settle() : stream.end());
    },
    [Symbol.dispose]() {
      stream.destroy();
    },
  };
}

/** Hands zstd on frame by frame, and knows when one is cut off. */
function splitFrames(decompressor: Decompressor): Decompressor {
  const frames = new ZstdFrames();
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length;) {
        const end = frames.take(bytes, at);
        if (end === undefined) throw new ArchiveError("", "it is no zstd data");
        await decompressor.write(bytes.subarray(at, end));
        at = end;
      }
    },
    async finish() {
      if (!frames.isComplete) throw new ArchiveError("", "its zstd data is cut off");
      await decompressor.finish();
    },
    [Symbol.dispose]: () => decompressor[Symbol.dispose](),
  };
}
