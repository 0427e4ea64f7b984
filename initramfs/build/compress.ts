/** zstd, so that the same bytes always give the same bytes. */
import { promisify } from "node:util";
import * as zlib from "node:zlib";

export interface Compression {
  readonly level: number;
  /** The decompressor needs 2 to this many bytes. */
  readonly windowLog: number;
}

// node:zlib rather than the zstd program: its library is part of the one pinned Deno, and two
// versions of zstd give different bytes. The kernel takes windows up to 2^27, and holds the window
// beside archive and contents while it unpacks: 8 MiB leave small machines their memory; a larger
// one saved less than 1 %.
const FAST: Compression = { level: 3, windowLog: 21 };
const SMALL: Compression = { level: 19, windowLog: 23 };

export function chooseCompression(release: boolean): Compression {
  return release ? SMALL : FAST;
}

/** The kernel finds the next archive at a multiple of this. */
const ALIGNMENT = 4;

const zstd: (bytes: Uint8Array, options: zlib.ZstdOptions) => Promise<Uint8Array> = promisify(
  zlib.zstdCompress,
);

/** Compresses an archive; zeros behind the frame fill it up to where the next archive may start. */
export async function compressArchive(
  archive: Uint8Array,
  { level, windowLog }: Compression,
): Promise<Uint8Array<ArrayBuffer>> {
  const frame = await zstd(archive, {
    params: {
      [zlib.constants.ZSTD_c_compressionLevel]: level,
      [zlib.constants.ZSTD_c_windowLog]: windowLog,
    },
  });
  const padded = new Uint8Array(Math.ceil(frame.length / ALIGNMENT) * ALIGNMENT);
  padded.set(frame);
  return padded;
}
