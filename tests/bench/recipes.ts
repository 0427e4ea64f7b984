/** The images that are measured: how many files of which size, in which layers. */
import type { Compression } from "../../agent/oci/layer_compression.ts";
import type { ContentKind } from "./content.ts";

/** Files of a layer that are alike. */
export interface FileGroup {
  readonly folder: string;
  readonly count: number;
  readonly kind: ContentKind;
  /** Sizes lie between these, small ones more often. */
  readonly minBytes: number;
  readonly maxBytes: number;
}

export interface LayerRecipe {
  readonly groups: readonly FileGroup[];
  /** Symbolic links, to files of the layer. */
  readonly symlinks: number;
}

export interface ImageRecipe {
  readonly name: string;
  readonly seed: number;
  readonly compression: Exclude<Compression, "none">;
  readonly layers: readonly LayerRecipe[];
}

const KIB = 1024, MIB = 1024 * 1024;

/** As an image for building software: some 200 MB compressed, 550 MB unpacked, 4 layers. */
export const MIXED: ImageRecipe = {
  name: "mixed",
  seed: 1,
  compression: "gzip",
  layers: [
    {
      groups: [
        { folder: "usr/share", count: 9000, kind: "text", minBytes: 100, maxBytes: 24 * KIB },
        { folder: "usr/lib", count: 700, kind: "program", minBytes: 8 * KIB, maxBytes: 600 * KIB },
      ],
      symlinks: 1500,
    },
    {
      groups: [
        { folder: "usr/include", count: 9000, kind: "text", minBytes: 200, maxBytes: 32 * KIB },
        { folder: "usr/bin", count: 300, kind: "program", minBytes: 16 * KIB, maxBytes: MIB },
      ],
      symlinks: 500,
    },
    {
      groups: [
        { folder: "opt/tool", count: 12, kind: "program", minBytes: 4 * MIB, maxBytes: 16 * MIB },
        { folder: "opt/tool/data", count: 2000, kind: "text", minBytes: KIB, maxBytes: 80 * KIB },
      ],
      symlinks: 50,
    },
    {
      groups: [
        { folder: "srv/modules", count: 14000, kind: "text", minBytes: 50, maxBytes: 16 * KIB },
        { folder: "srv/bin", count: 60, kind: "program", minBytes: MIB, maxBytes: 2 * MIB },
      ],
      symlinks: 1000,
    },
  ],
};
