/** Lays the data of a sparse file out over its parts. Pure. */
import type { SparsePart } from "./sparse.ts";

export class SparseSpread {
  readonly #parts: readonly SparsePart[];
  #part = 0;
  #used = 0;

  constructor(parts: readonly SparsePart[]) {
    this.#parts = parts;
  }

  /**
   * Takes the next data: no more of it than the parts have room for.
   * @param onData called with a piece and where in the file it goes
   */
  spread(bytes: Uint8Array, onData: (piece: Uint8Array, offset: number) => void): void {
    for (let at = 0; at < bytes.length;) {
      const part = this.#parts[this.#part];
      if (part === undefined) throw new RangeError("Cannot place data: the sparse map is used up");
      const size = Math.min(part.length - this.#used, bytes.length - at);
      if (size > 0) onData(bytes.subarray(at, at + size), part.offset + this.#used);
      at += size;
      this.#used += size;
      if (this.#used === part.length) {
        this.#part++;
        this.#used = 0;
      }
    }
  }
}
