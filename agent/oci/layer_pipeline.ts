/** A layer's way from blob to folder: decompress, hash, read, write, each piece once. */
import { createHash } from "node:crypto";
import { ArchiveError } from "../errors.ts";
import type { FileCalls } from "../sys/file_calls.ts";
import { type Decompressor, openDecompressor } from "./decompress.ts";
import type { Maker } from "./file_metadata.ts";
import { chooseCompression } from "./layer_compression.ts";
import type { LayerResult } from "./layer.ts";
import { TarReader } from "./tar_reader.ts";
import { LayerWriter, type UnpackLimits } from "./unpack.ts";

export class LayerPipeline implements Disposable {
  readonly #limits: UnpackLimits;
  readonly #writer: LayerWriter;
  readonly #reader: TarReader;
  readonly #hash = createHash("sha256");
  readonly #decompressor: Decompressor;
  #size = 0;

  /**
   * @param folder an existing, empty folder
   * @throws ArchiveError when the media type is none of a layer; SyscallError
   */
  constructor(
    calls: FileCalls,
    maker: Maker,
    folder: string,
    mediaType: string,
    limits: UnpackLimits,
  ) {
    const compression = chooseCompression(mediaType);
    if (compression === undefined) {
      throw new ArchiveError("", `layers of type ${JSON.stringify(mediaType)} are not supported`);
    }
    this.#limits = limits;
    this.#writer = new LayerWriter(calls, maker, folder, limits);
    this.#reader = new TarReader(this.#writer);
    this.#decompressor = openDecompressor(compression, (bytes) => this.#take(bytes));
  }

  /** Takes the next bytes of the blob. One call at a time. */
  write(bytes: Uint8Array): Promise<void> {
    return this.#decompressor.write(bytes);
  }

  /** The blob is complete: checks that the archive is, too, and finishes what was unpacked. */
  async finish(): Promise<LayerResult> {
    await this.#decompressor.finish();
    this.#reader.finish();
    this.#writer.finish();
    return {
      diffId: `sha256:${this.#hash.digest("hex")}`,
      size: this.#size,
      entries: this.#writer.entries,
      warnings: this.#writer.warnings,
    };
  }

  [Symbol.dispose](): void {
    this.#decompressor[Symbol.dispose]();
    this.#writer[Symbol.dispose]();
  }

  #take(bytes: Uint8Array): void {
    this.#size += bytes.length;
    const { maxBytes = Infinity } = this.#limits;
    if (this.#size > maxBytes) {
      throw new ArchiveError("", `it has more than the ${maxBytes} bytes there is room for`);
    }
    this.#hash.update(bytes);
    this.#reader.push(bytes);
  }
}
