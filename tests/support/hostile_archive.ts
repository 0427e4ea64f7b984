/** Archives drawn at random: entries that get in each other's way, then bytes changed. */
import type { Random } from "./random.ts";
import { type EntrySpec, type EntryType, paxHeader, tarEnd, tarEntry } from "./tar_builder.ts";
import { joinBytes } from "./tar_bytes.ts";
import { sparseEntry } from "./tar_sparse.ts";

/** Few names, so that entries meet; of a kind that nothing else on the machine has. */
const PARTS = ["fz-a", "fz-b", "fz-c", "fz-d", "fz-outside", "fz-secret"];
const TYPES: readonly EntryType[] = [
  ...["file", "file", "file", "file", "file", "file", "folder", "folder", "folder"] as const,
  ...["symlink", "symlink", "symlink", "hardlink", "fifo", "character", "block"] as const,
];

/**
 * @param outside a folder that links may point to
 */
export function drawArchive(random: Random, outside: string): Uint8Array {
  const blocks: Uint8Array[] = [];
  const names: string[] = [];
  for (let i = random.between(1, 25); i > 0; i--) blocks.push(drawEntry(random, outside, names));
  if (random.next() < 0.9) blocks.push(tarEnd());
  return random.next() < 0.4 ? joinBytes(blocks) : mutate(random, joinBytes(blocks));
}

/** @param names of the entries so far; is added to */
function drawEntry(random: Random, outside: string, names: string[]): Uint8Array {
  const type = random.pick(TYPES);
  const name = drawName(random);
  // A hard link to what is not there ends an archive: most are to what was there once.
  const target = type === "hardlink" && names.length > 0 && random.next() < 0.95
    ? random.pick(names)
    : drawTarget(random, outside);
  if (type === "file" || type === "fifo") names.push(name);
  const spec: EntrySpec = {
    name,
    type,
    format: random.pick(["ustar", "gnu", "pax", "v7"] as const),
    mode: random.between(0, 0o7777),
    uid: random.pick([0, 0, 1000, 2 ** 31, 2 ** 32 - 2]),
    mtime: random.between(-5, 2 ** 33),
    ...(type === "file" ? { data: "x".repeat(random.between(0, 3000)) } : {}),
    ...(type === "symlink" || type === "hardlink" ? { target } : {}),
    ...(random.next() < 0.1 ? { pax: { mtime: `${random.next() * 1e9}` } } : {}),
    ...(random.next() < 0.1 ? { xattrs: { "user.a": "b", "trusted.overlay.opaque": "y" } } : {}),
  };
  const roll = random.next();
  if (roll < 0.03) return paxHeader({ gid: `${random.between(0, 9)}` }, "g");
  if (roll < 0.1) {
    const form = random.pick(["old", "0.0", "0.1", "1.0"] as const);
    const parts = [{ offset: random.between(0, 5000), data: "s".repeat(512) }];
    return sparseEntry({ name: spec.name, mode: 0o600 }, { form, size: 9000, parts });
  }
  return tarEntry(spec);
}

function drawName(random: Random): string {
  const parts = Array.from({ length: random.between(1, 4) }, () => random.pick(PARTS));
  const roll = random.next();
  if (roll < 0.12) parts.push(`.wh.${parts.pop()}`);
  else if (roll < 0.17) parts.push(".wh..wh..opq");
  else if (roll < 0.2) {
    parts.splice(random.between(0, parts.length), 0, random.pick([".", "..", ""]));
  }
  const name = parts.join(random.next() < 0.05 ? "//" : "/");
  return `${random.pick(["", "", "", "./", "/"])}${name}${random.next() < 0.2 ? "/" : ""}`;
}

function drawTarget(random: Random, outside: string): string {
  const up = "../".repeat(random.between(0, 4));
  const inside = Array.from({ length: random.between(1, 3) }, () => random.pick(PARTS)).join("/");
  return random.pick([
    inside,
    `/${inside}`,
    `${up}${inside}`,
    `${up}.`,
    outside,
    `${outside}/fz-secret`,
  ]);
}

/** Changes bytes; mostly makes the headers' checksums right again, so that more is read. */
function mutate(random: Random, archive: Uint8Array): Uint8Array {
  let bytes = archive.slice();
  for (let i = random.between(1, 8); i > 0 && bytes.length > 0; i--) {
    const at = random.between(0, bytes.length - 1);
    const size = random.between(1, 700);
    switch (random.between(0, 5)) {
      case 0:
        bytes[at] = random.between(0, 255);
        break;
      case 1:
        bytes[at]! ^= 1 << random.between(0, 7);
        break;
      case 2: // in a header's fields
        bytes[Math.floor(at / 512) * 512 + random.between(0, 511)] = random.between(0, 255);
        break;
      case 3:
        bytes.fill(random.pick([0, 0x30, 0x37, 0x80, 0xff]), at, at + random.between(1, 12));
        break;
      case 4:
        bytes = bytes.slice(0, bytes.length - Math.min(size, bytes.length));
        break;
      case 5:
        bytes.copyWithin(at, random.between(0, bytes.length - 1), random.between(0, bytes.length));
    }
  }
  if (random.next() < 0.8) {
    for (let at = 0; at + 512 <= bytes.length; at += 512) {
      mendChecksum(bytes.subarray(at, at + 512));
    }
  }
  return bytes;
}

/** Of a block that is a header, or was one. */
function mendChecksum(block: Uint8Array): void {
  const isHeader = block[257] === 0x75 || block[100] === 0x30 && block[107] === 0;
  if (!isHeader) return;
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
}
