/** zstd, so that the same archive always gives the same bytes. */
import { constants, zstdCompressSync } from "node:zlib";

export interface Compression {
  readonly level: number;
  /** The decompressor needs 2 to this many bytes beside archive and contents. */
  readonly windowLog: number;
}

// node:zlib rather than the zstd program: its library is part of the one pinned Deno, and two
// versions of zstd give different bytes. The kernel takes windows up to 2^27 and holds the window
// while it unpacks: 8 MiB leave small machines their memory, and larger ones save less than 2 %.
const FAST: Compression = { level: 3, windowLog: 21 };
const SMALL: Compression = { level: 19, windowLog: 23 };

export function chooseCompression(release: boolean): Compression {
  return release ? SMALL : FAST;
}

/** Compresses an archive into one frame. */
export function renderFrame(
  archive: Uint8Array,
  { level, windowLog }: Compression,
): Uint8Array<ArrayBuffer> {
  const params = {
    [constants.ZSTD_c_compressionLevel]: level,
    [constants.ZSTD_c_windowLog]: windowLog,
  };
  return new Uint8Array(zstdCompressSync(archive, { params }));
}
