/** Reads an archive with the agent's reader and keeps what it tells. */
import { TarReader } from "../../agent/oci/tar_reader.ts";
import type { TarEntry } from "../../agent/oci/tar_entry.ts";

export interface CollectedEntry extends Omit<TarEntry, "name" | "target" | "xattrs"> {
  /** As UTF-8. */
  readonly name: string;
  readonly target: string;
  readonly xattrs: Readonly<Record<string, string>>;
  /** Holes filled with dots. */
  readonly data: string;
}

/** @param pieceBytes how much is pushed at a time; default: all at once */
export function collectTar(
  archive: Uint8Array,
  pieceBytes = archive.length || 1,
): readonly CollectedEntry[] {
  const entries: CollectedEntry[] = [];
  let entry: TarEntry | undefined;
  let texts = { name: "", target: "" };
  let data = "";
  const reader = new TarReader({
    onEntry(begun) {
      entry = begun;
      texts = { name: text(begun.name), target: text(begun.target) };
      data = begun.size < 1e6 ? ".".repeat(begun.size) : "";
    },
    onData(bytes, offset) {
      data = data.slice(0, offset) + text(bytes) + data.slice(offset + bytes.length);
    },
    onEntryEnd() {
      if (!entry) throw new Error("an entry ended that never began");
      const xattrs = entry.xattrs.map(({ name, value }) => [text(name), text(value)]);
      entries.push({ ...entry, ...texts, xattrs: Object.fromEntries(xattrs), data });
      entry = undefined;
    },
  });
  for (let at = 0; at < archive.length; at += pieceBytes) {
    // A copy that is wiped afterwards: the reader must not keep parts of what it was given.
    const piece = archive.slice(at, at + pieceBytes);
    reader.push(piece);
    piece.fill(0xee);
  }
  reader.finish();
  if (entry) throw new Error("an entry began and never ended");
  return entries;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
