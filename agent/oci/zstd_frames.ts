/**
 * Finds where the frames of a zstd stream end (RFC 8878, section 3), without decompressing. Needed
 * because node:zlib stops after one frame, and takes a cut one for whole. Pure.
 */

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50; // the last four bits are free
const BLOCK_RLE = 1;
const BLOCK_RESERVED = 3;

/** What the next bytes are: numbers to read, or bytes to pass over. */
type NumberPhase = "magic" | "skipSize" | "descriptor" | "blockHeader";
type Phase = NumberPhase | "skip" | "header" | "block" | "checksum";

const NUMBER_BYTES: Readonly<Record<NumberPhase, number>> = {
  magic: 4,
  skipSize: 4,
  descriptor: 1,
  blockHeader: 3,
};

/** Takes the bytes of a stream as they come. */
export class ZstdFrames {
  #phase: Phase = "magic";
  /** Bytes that this phase still takes. */
  #left = NUMBER_BYTES.magic;
  /** The number read so far, little endian. */
  #value = 0;
  #scale = 1;
  #hasChecksum = false;
  #isLastBlock = false;
  #frames = 0;

  /** The stream may end here: after a frame. */
  get isComplete(): boolean {
    return this.#phase === "magic" && this.#left === NUMBER_BYTES.magic && this.#frames > 0;
  }

  /**
   * Takes bytes, from `at` up to the end of the frame they belong to, or up to their own end.
   * @returns where that is; undefined when this is no zstd
   */
  take(bytes: Uint8Array, at: number): number | undefined {
    const framesBefore = this.#frames;
    while (at < bytes.length && this.#frames === framesBefore) {
      const size = Math.min(this.#left, bytes.length - at);
      if (isNumber(this.#phase)) {
        for (let i = at; i < at + size; i++) {
          this.#value += bytes[i]! * this.#scale;
          this.#scale *= 256;
        }
      }
      at += size;
      this.#left -= size;
      // What comes next may take no bytes at all.
      while (this.#left === 0 && this.#frames === framesBefore) {
        if (!this.#finishPhase()) return undefined;
      }
    }
    return at;
  }

  /** False: this is no zstd. */
  #finishPhase(): boolean {
    switch (this.#phase) {
      case "magic":
        if ((this.#value & ~0xf) >>> 0 === SKIPPABLE_MAGIC) return this.#begin("skipSize");
        return this.#value === MAGIC && this.#begin("descriptor");
      case "skipSize":
        return this.#begin("skip", this.#value);
      case "descriptor": {
        const descriptor = this.#value;
        this.#hasChecksum = (descriptor & 0x04) !== 0;
        return this.#begin("header", headerBytes(descriptor));
      }
      case "header":
        return this.#begin("blockHeader");
      case "blockHeader": {
        const type = this.#value >> 1 & 3, size = this.#value >> 3;
        this.#isLastBlock = (this.#value & 1) !== 0;
        return type !== BLOCK_RESERVED && this.#begin("block", type === BLOCK_RLE ? 1 : size);
      }
      case "block":
        if (!this.#isLastBlock) return this.#begin("blockHeader");
        return this.#hasChecksum ? this.#begin("checksum", 4) : this.#endFrame();
      case "checksum":
      case "skip":
        return this.#endFrame();
    }
  }

  #endFrame(): boolean {
    this.#frames++;
    return this.#begin("magic");
  }

  #begin(phase: NumberPhase): true;
  #begin(phase: Phase, size: number): true;
  #begin(phase: Phase, size?: number): true {
    this.#phase = phase;
    this.#left = size ?? (isNumber(phase) ? NUMBER_BYTES[phase] : 0);
    this.#value = 0;
    this.#scale = 1;
    return true;
  }
}

function isNumber(phase: Phase): phase is NumberPhase {
  return phase in NUMBER_BYTES;
}

/** Window, dictionary and content size, after the descriptor (RFC 8878, section 3.1.1.1). */
function headerBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  return (isSingleSegment ? 0 : 1) + dictionary + contentSize;
}
