/**
 * Reads a tar archive that is pushed into it piece by piece: v7, ustar, GNU, star, PAX. Where the
 * formats leave a choice it decides as Go's archive/tar does, which made most layers there are.
 * Pure: bytes in, calls of a sink out.
 */
import { ArchiveError } from "../errors.ts";
import { renderName } from "./entry_name.ts";
import {
  isSparseMapSound,
  MAX_SPARSE_PARTS,
  parseOldExtension,
  SparseMapText,
  type SparsePart,
} from "./sparse.ts";
import { SparseSpread } from "./sparse_spread.ts";
import type { TarSink } from "./tar_entry.ts";
import { planEntry, type SoundEntry } from "./tar_entry_plan.ts";
import { ExtensionCollector, isExtension } from "./tar_extensions.ts";
import { BLOCK_BYTES, isZeroBlock, parseTarHeader, type TarHeader } from "./tar_header.ts";

/** What comes next. A tagged union, so that each phase has what it needs. */
type Phase =
  | { readonly at: "header" }
  | { readonly at: "extension" }
  | { readonly at: "oldSparse"; readonly plan: SoundEntry; readonly parts: SparsePart[] }
  | { readonly at: "sparseMap"; readonly plan: SoundEntry; readonly map: SparseMapText }
  | { readonly at: "data" }
  | { readonly at: "sparseData"; readonly spread: SparseSpread }
  /** The body of what should have none. */
  | { readonly at: "skip" }
  /** What fills up the last block of a body. */
  | { readonly at: "padding" }
  | { readonly at: "end" };

const HEADER: Phase = { at: "header" };
const EXTENSION: Phase = { at: "extension" };
const DATA: Phase = { at: "data" };
const SKIP: Phase = { at: "skip" };
const PADDING: Phase = { at: "padding" };
const END: Phase = { at: "end" };

const MAX_TRAILING_BYTES = 64 << 20;
const TOO_MUCH_FOLLOWS = `more than ${MAX_TRAILING_BYTES} bytes follow its end`;

export class TarReader {
  readonly #sink: TarSink;
  #phase: Phase = HEADER;
  /** Bytes left of the body that is being read, or to skip. */
  #left = 0;
  /** Bytes that fill up the last block of the body. */
  #padding = 0;
  /** Of the file that is being read: where the next data goes. */
  #offset = 0;
  /** A block that comes in pieces. */
  readonly #block = new Uint8Array(BLOCK_BYTES);
  #have = 0;
  #zeroBlocks = 0;
  #trailing = 0;
  readonly #extensions = new ExtensionCollector();
  /** Of the entry that began last, for messages. */
  #lastName: Uint8Array = new Uint8Array(0);
  readonly #onData = (bytes: Uint8Array, offset: number) => this.#sink.onData(bytes, offset);

  constructor(sink: TarSink) {
    this.#sink = sink;
  }

  /**
   * Takes the next bytes; keeps none of them.
   * @throws ArchiveError when the archive is malformed; whatever the sink throws
   */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const phase = this.#phase;
      switch (phase.at) {
        case "header":
        case "oldSparse":
        case "sparseMap":
          at = this.#gatherBlock(chunk, at);
          continue;
        case "end":
          // It belongs to nobody: writers fill up their last record, and no more.
          this.#trailing += chunk.length - at;
          if (this.#trailing > MAX_TRAILING_BYTES) throw new ArchiveError("", TOO_MUCH_FOLLOWS);
          return;
      }
      const size = Math.min(this.#left, chunk.length - at);
      const bytes = chunk.subarray(at, at + size);
      at += size;
      this.#left -= size;
      switch (phase.at) {
        case "data":
          this.#sink.onData(bytes, this.#offset);
          this.#offset += size;
          break;
        case "sparseData":
          phase.spread.spread(bytes, this.#onData);
          break;
        case "extension":
          this.#extensions.add(bytes);
          break;
        case "skip":
        case "padding":
          break;
      }
      if (this.#left === 0) this.#finishBody();
    }
  }

  /**
   * The archive has no more bytes.
   * @throws ArchiveError when it is cut off
   */
  finish(): void {
    if (this.#phase.at === "end") return;
    // Many writers leave the zero blocks at the end out, umoci insert even the last padding: after
    // the body of an entry is an end, too.
    const isBetween = this.#phase.at === "padding" || this.#phase.at === "header";
    if (!isBetween || this.#have > 0) this.#refuse("the archive is truncated");
    this.#checkNothingPending();
  }

  #gatherBlock(chunk: Uint8Array, at: number): number {
    if (this.#have === 0 && chunk.length - at >= BLOCK_BYTES) {
      this.#takeBlock(chunk, at);
      return at + BLOCK_BYTES;
    }
    const size = Math.min(BLOCK_BYTES - this.#have, chunk.length - at);
    this.#block.set(chunk.subarray(at, at + size), this.#have);
    this.#have += size;
    if (this.#have === BLOCK_BYTES) {
      this.#have = 0;
      this.#takeBlock(this.#block, 0);
    }
    return at + size;
  }

  #takeBlock(block: Uint8Array, at: number): void {
    const phase = this.#phase;
    switch (phase.at) {
      case "oldSparse":
        return this.#takeOldSparse(phase.plan, phase.parts, block, at);
      case "sparseMap":
        return this.#takeSparseMap(phase.plan, phase.map, block, at);
      default:
        return this.#takeHeader(block, at);
    }
  }

  #takeHeader(block: Uint8Array, at: number): void {
    if (isZeroBlock(block, at)) {
      if (++this.#zeroBlocks < 2) return;
      this.#checkNothingPending();
      this.#phase = END;
      return;
    }
    if (this.#zeroBlocks > 0) this.#refuseNext("the archive goes on after half of its end");
    const header = parseTarHeader(block, at);
    if (typeof header === "string") this.#refuseNext(header);
    if (isExtension(header.typeflag)) this.#beginExtension(header);
    else this.#beginEntry(header, block, at);
  }

  #beginExtension(header: TarHeader): void {
    const problem = this.#extensions.begin(header);
    if (problem !== undefined) this.#refuseNext(problem);
    this.#beginBody(EXTENSION, header.size);
  }

  #beginEntry(header: TarHeader, block: Uint8Array, at: number): void {
    const plan = planEntry(header, block, at, this.#extensions.take());
    this.#lastName = plan.name.slice(0, 256);
    if (plan.problem !== undefined) this.#refuse(plan.problem);
    this.#left = plan.bodySize;
    const { sparse } = plan;
    if (sparse === undefined) {
      this.#sink.onEntry(plan.entry);
      this.#offset = 0;
      this.#beginBody(plan.entry.kind === "file" ? DATA : SKIP, plan.bodySize);
      if (plan.entry.kind !== "file") this.#sink.onEntryEnd();
    } else if (sparse.parts === undefined) {
      this.#phase = { at: "sparseMap", plan, map: new SparseMapText() };
    } else if (sparse.moreParts) {
      this.#phase = { at: "oldSparse", plan, parts: [...sparse.parts] };
    } else {
      this.#beginSparseData(plan, sparse.parts);
    }
  }

  #takeOldSparse(plan: SoundEntry, parts: SparsePart[], block: Uint8Array, at: number): void {
    const extension = parseOldExtension(block, at);
    if (extension === undefined) this.#refuse("its sparse map is malformed");
    parts.push(...extension.parts);
    if (parts.length > MAX_SPARSE_PARTS) this.#refuse("its sparse map is too long");
    if (!extension.more) this.#beginSparseData(plan, parts);
  }

  #takeSparseMap(plan: SoundEntry, map: SparseMapText, block: Uint8Array, at: number): void {
    this.#left -= BLOCK_BYTES;
    const complete = map.addBlock(block, at, BLOCK_BYTES);
    if (complete === undefined || this.#left < 0) this.#refuse("its sparse map is malformed");
    if (complete) this.#beginSparseData(plan, map.parts);
  }

  #beginSparseData(plan: SoundEntry, parts: readonly SparsePart[]): void {
    if (!isSparseMapSound(parts, plan.entry.size, this.#left)) {
      this.#refuse("its sparse map contradicts its size");
    }
    this.#sink.onEntry(plan.entry);
    this.#beginBody({ at: "sparseData", spread: new SparseSpread(parts) }, this.#left);
  }

  #beginBody(phase: Phase, size: number): void {
    this.#phase = phase;
    this.#left = size;
    this.#padding = (BLOCK_BYTES - size % BLOCK_BYTES) % BLOCK_BYTES;
    if (size === 0) this.#finishBody();
  }

  #finishBody(): void {
    switch (this.#phase.at) {
      case "data":
      case "sparseData":
        this.#sink.onEntryEnd();
        break;
      case "extension": {
        const problem = this.#extensions.finish();
        if (problem !== undefined) this.#refuseNext(problem);
        break;
      }
    }
    this.#left = this.#padding;
    this.#padding = 0;
    this.#phase = this.#left > 0 ? PADDING : HEADER;
  }

  #checkNothingPending(): void {
    if (this.#extensions.isPending) this.#refuse("the archive ends after an extended header");
  }

  #refuse(problem: string): never {
    throw new ArchiveError(renderName(this.#lastName), problem);
  }

  /** For what follows the last entry: its own name is not known yet. */
  #refuseNext(problem: string): never {
    const last = renderName(this.#lastName);
    throw new ArchiveError(last === "" ? "the first entry" : `what follows ${last}`, problem);
  }
}
