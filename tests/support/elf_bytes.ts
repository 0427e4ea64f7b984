/** Small ELF files for tests: a header, two or three segments, a dynamic section, its strings. */

export interface ElfSpec {
  readonly machine?: number;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
}

const HEADER = 64;
const SEGMENT = 56;
/** Where the file is loaded: addresses differ from offsets. */
const BASE = 0x400000;

/** An ELF file whose table of sections, of one zeroed entry, ends it. */
export function elfBytes(spec: ElfSpec): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const needed = spec.needed ?? [];
  const names = ["", ...needed].map((name) => encoder.encode(`${name}\0`));
  const interpreter = encoder.encode(spec.interpreter === undefined ? "" : `${spec.interpreter}\0`);
  const segments = 3;
  const dynamicAt = HEADER + segments * SEGMENT;
  const dynamicSize = (needed.length + 2) * 16;
  const stringsAt = dynamicAt + dynamicSize;
  const stringsSize = names.reduce((sum, name) => sum + name.length, 0);
  const interpreterAt = stringsAt + stringsSize;
  const sectionsAt = interpreterAt + interpreter.length;
  const bytes = new Uint8Array(sectionsAt + 64);
  const view = new DataView(bytes.buffer);

  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(18, spec.machine ?? 62, true);
  view.setBigUint64(32, BigInt(HEADER), true);
  view.setBigUint64(40, BigInt(sectionsAt), true);
  view.setUint16(54, SEGMENT, true);
  view.setUint16(56, segments, true);
  view.setUint16(58, 64, true);
  view.setUint16(60, 1, true);
  const segment = (index: number, type: number, offset: number, size: number) => {
    const at = HEADER + index * SEGMENT;
    view.setUint32(at, type, true);
    view.setBigUint64(at + 8, BigInt(offset), true);
    view.setBigUint64(at + 16, BigInt(BASE + offset), true);
    view.setBigUint64(at + 32, BigInt(size), true);
  };
  segment(0, 1, 0, bytes.length);
  segment(1, 2, dynamicAt, dynamicSize);
  segment(2, spec.interpreter === undefined ? 0 : 3, interpreterAt, interpreter.length);

  let nameAt = names[0]!.length;
  needed.forEach((_, index) => {
    view.setBigUint64(dynamicAt + index * 16, 1n, true);
    view.setBigUint64(dynamicAt + index * 16 + 8, BigInt(nameAt), true);
    nameAt += names[index + 1]!.length;
  });
  view.setBigUint64(dynamicAt + needed.length * 16, 5n, true);
  view.setBigUint64(dynamicAt + needed.length * 16 + 8, BigInt(BASE + stringsAt), true);
  let at = stringsAt;
  for (const name of names) {
    bytes.set(name, at);
    at += name.length;
  }
  bytes.set(interpreter, interpreterAt);
  return bytes;
}
