/** How a layer's blob is compressed, by its media type (image-spec, layer.md). Pure. */
import { bareMediaType, parseLayerType } from "./media_type.ts";

export type Compression = "none" | "gzip" | "zstd";

/** Undefined: the media type is none of a layer. */
export function chooseCompression(mediaType: string): Compression | undefined {
  const bare = bareMediaType(mediaType);
  if (parseLayerType(bare) === undefined) return undefined;
  if (bare.endsWith("gzip")) return "gzip";
  return bare.endsWith("zstd") ? "zstd" : "none";
}
