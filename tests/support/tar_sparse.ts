/** Sparse files in GNU tar's four forms. */
import { encodeNumber, joinBytes, toBytes } from "./tar_bytes.ts";
import {
  type EntrySpec,
  padded,
  paxHeader,
  paxRecord,
  tarEntry,
  tarHeader,
} from "./tar_builder.ts";

export interface SparseSpec {
  readonly form: "old" | "0.0" | "0.1" | "1.0";
  /** Of the whole file. Parts but the last hold whole blocks: GNU tar fills others up. */
  readonly size: number;
  readonly parts: readonly { readonly offset: number; readonly data: string | Uint8Array }[];
}

interface Part {
  readonly offset: number;
  readonly length: number;
}

/** Parts and data apart, with the empty part at the end that GNU tar writes. */
function layOut(sparse: SparseSpec): { parts: readonly Part[]; data: Uint8Array } {
  const parts = sparse.parts.map(({ offset, data }) => ({ offset, length: toBytes(data).length }));
  const data = joinBytes(sparse.parts.map((part) => toBytes(part.data)));
  return { parts: [...parts, { offset: sparse.size, length: 0 }], data };
}

/** The entry of a sparse file; `spec` tells the rest of it. */
export function sparseEntry(spec: EntrySpec, sparse: SparseSpec): Uint8Array<ArrayBuffer> {
  return sparse.form === "old" ? oldSparseEntry(spec, sparse) : paxSparseEntry(spec, sparse);
}

/** Type `S`: four parts in the header, 21 in each block after it. */
function oldSparseEntry(spec: EntrySpec, sparse: SparseSpec): Uint8Array<ArrayBuffer> {
  const { parts, data } = layOut(sparse);
  const put = (block: Uint8Array, at: number, { offset, length }: Part) => {
    encodeNumber(block, at, 12, offset);
    encodeNumber(block, at + 12, 12, length);
  };
  const extensions: Uint8Array[] = [];
  for (let i = 4; i < parts.length; i += 21) {
    const block = new Uint8Array(512);
    parts.slice(i, i + 21).forEach((part, index) => put(block, index * 24, part));
    if (parts.length > i + 21) block[504] = 1;
    extensions.push(block);
  }
  const header = tarHeader({
    ...spec,
    type: { typeflag: "S" },
    format: "gnu",
    patch(block) {
      parts.slice(0, 4).forEach((part, index) => put(block, 386 + index * 24, part));
      if (extensions.length > 0) block[482] = 1;
      encodeNumber(block, 483, 12, sparse.size);
      spec.patch?.(block);
    },
  }, data.length);
  return joinBytes([header, ...extensions, padded(data)]);
}

/** Forms 0.0, 0.1 and 1.0: an ordinary file after an extended header. */
function paxSparseEntry(spec: EntrySpec, sparse: SparseSpec): Uint8Array<ArrayBuffer> {
  const { parts, data } = layOut(sparse);
  const name = toBytes(spec.name);
  const madeUp = joinBytes([toBytes("GNUSparseFile.0/"), name.slice(-80)]);
  if (sparse.form === "1.0") {
    const numbers = [parts.length, ...parts.flatMap(({ offset, length }) => [offset, length])];
    const map = padded(toBytes(numbers.map((number) => `${number}\n`).join("")));
    return tarEntry({
      ...spec,
      name: madeUp,
      data: joinBytes([map, data]),
      pax: {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": name,
        "GNU.sparse.realsize": String(sparse.size),
        ...spec.pax,
      },
    });
  }
  if (sparse.form === "0.1") {
    return tarEntry({
      ...spec,
      name: madeUp,
      data,
      pax: {
        "GNU.sparse.size": String(sparse.size),
        "GNU.sparse.numblocks": String(parts.length),
        "GNU.sparse.name": name,
        "GNU.sparse.map": parts.map(({ offset, length }) => `${offset},${length}`).join(","),
        ...spec.pax,
      },
    });
  }
  // 0.0 repeats its keys, which an object cannot.
  const body = joinBytes([
    paxRecord("GNU.sparse.size", String(sparse.size)),
    paxRecord("GNU.sparse.numblocks", String(parts.length)),
    ...parts.flatMap(({ offset, length }) => [
      paxRecord("GNU.sparse.offset", String(offset)),
      paxRecord("GNU.sparse.numbytes", String(length)),
    ]),
    ...Object.entries(spec.pax ?? {}).map(([key, value]) => paxRecord(key, value)),
  ]);
  const { pax: _, ...bare } = spec;
  return joinBytes([paxHeader(body), tarEntry({ ...bare, data })]);
}
