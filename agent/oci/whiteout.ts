/** Names that remove what lower layers hold (image-spec, layer.md "Whiteouts"). Pure. */

/** What the last part of an entry's name asks for. */
export type NameMeaning =
  /** A file like any other. */
  | "plain"
  /** Hides that name of the layers below. */
  | "whiteout"
  /** Hides everything that the layers below have in this folder. */
  | "opaque"
  /** A whiteout of nothing, of `.` or of `..`. */
  | "malformed";

/** Length of the prefix `.wh.`, after which the hidden name stands. */
export const WHITEOUT_PREFIX_BYTES = 4;

const PREFIX = codes(".wh.");
const AUFS_PREFIX = codes(".wh..wh.");
const OPAQUE = codes(".wh..wh..opq");
const OVERLAY_XATTR = codes("trusted.overlay.");
const DOT = 0x2e;

/** Tells the meaning of the `length` bytes of a name's last part. */
export function classifyName(base: Uint8Array, length: number): NameMeaning {
  if (base[0] !== DOT || !startsWith(base, length, PREFIX)) return "plain";
  if (length === OPAQUE.length && startsWith(base, length, OPAQUE)) return "opaque";
  const hidden = length - PREFIX.length;
  if (hidden === 0) return "malformed";
  const dots = base[PREFIX.length] === DOT &&
    (hidden === 1 || hidden === 2 && base[PREFIX.length + 1] === DOT);
  return dots ? "malformed" : "whiteout";
}

/**
 * True for the bookkeeping of AUFS at the top of old layers, such as `.wh..wh.plnk/`: no part of
 * the image. `path` is that below the root, or the beginning of it.
 */
export function isAufsMetadata(path: Uint8Array, length: number): boolean {
  return path[0] === DOT && startsWith(path, length, AUFS_PREFIX) &&
    !(length === OPAQUE.length && startsWith(path, length, OPAQUE));
}

/** True for attributes by which overlayfs rules a layer: an image must not set them. */
export function isOverlayXattr(name: Uint8Array): boolean {
  return startsWith(name, name.length, OVERLAY_XATTR);
}

function startsWith(bytes: Uint8Array, length: number, prefix: readonly number[]): boolean {
  if (length < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[i] !== prefix[i]) return false;
  return true;
}

function codes(text: string): readonly number[] {
  return [...text].map((character) => character.charCodeAt(0));
}
