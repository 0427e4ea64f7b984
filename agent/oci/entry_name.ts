/** Names in an archive: bytes, split into the folder they lie in and what they are called. Pure. */

/** PATH_MAX of Linux, less the NUL. */
export const MAX_PATH_BYTES = 4095;
/** NAME_MAX of Linux. */
export const MAX_PART_BYTES = 255;

const SLASH = 0x2f;
const DOT = 0x2e;

/**
 * A name taken apart. One object serves many names, so that unpacking makes no garbage: the
 * buffers keep their content only until the next `parse`.
 */
export class EntryName {
  /** The folder's path below the root, as C takes it: a NUL at `parentLength`. Empty: the root. */
  readonly parent = new Uint8Array(MAX_PATH_BYTES + 1);
  parentLength = 0;
  /** The last part of the name, as C takes it: a NUL at `baseLength`. Empty: the root itself. */
  readonly base = new Uint8Array(MAX_PART_BYTES + 1);
  baseLength = 0;

  /** The whole name, without what means nothing. */
  get name(): Uint8Array {
    const { parent, parentLength, base, baseLength } = this;
    return joinName(parent.subarray(0, parentLength), base.subarray(0, baseLength));
  }

  /**
   * Takes a name apart: `./usr//bin/ls` gives `usr/bin` and `ls`. Leading slashes, doubled ones,
   * those at the end, and `.` parts mean nothing.
   * @param mayClimb `..` may stand in the parent, as in what a hard link points to
   * @returns what is wrong with the name; undefined when it is right
   */
  parse(name: Uint8Array, mayClimb = false): string | undefined {
    const out = this.parent;
    let length = 0, baseAt = 0;
    for (let at = 0; at < name.length;) {
      if (name[at] === SLASH) {
        at++;
        continue;
      }
      let end = at;
      for (; end < name.length && name[end] !== SLASH; end++) {
        if (name[end] === 0) return "its name holds a NUL";
      }
      const size = end - at;
      if (name[at] === DOT && size === 1) {
        at = end;
        continue;
      }
      if (name[at] === DOT && size === 2 && name[at + 1] === DOT) {
        if (!mayClimb) return "its name holds a .. part";
      }
      if (size > MAX_PART_BYTES) return `its name has a part longer than ${MAX_PART_BYTES} bytes`;
      if (length + 1 + size > MAX_PATH_BYTES) {
        return `its name is longer than ${MAX_PATH_BYTES} bytes`;
      }
      if (length > 0) out[length++] = SLASH;
      baseAt = length;
      for (; at < end; at++) out[length++] = name[at]!;
    }
    if (name.length === 0) return "its name is empty";
    this.baseLength = length - baseAt;
    this.parentLength = baseAt === 0 ? 0 : baseAt - 1;
    for (let i = 0; i < this.baseLength; i++) this.base[i] = out[baseAt + i]!;
    this.base[this.baseLength] = 0;
    out[this.parentLength] = 0;
    const endsInDots = this.baseLength === 2 && this.base[0] === DOT && this.base[1] === DOT;
    return endsInDots ? "its name ends in .." : undefined;
  }
}

/** The name of something in a folder. */
export function joinName(folder: Uint8Array, name: Uint8Array): Uint8Array {
  if (folder.length === 0) return name.slice();
  const whole = new Uint8Array(folder.length + 1 + name.length);
  whole.set(folder);
  whole[folder.length] = SLASH;
  whole.set(name, folder.length + 1);
  return whole;
}

/** A name that a terminal shows safely: UTF-8, `\xNN` for what is none or not printable; cut at 200. */
export function renderName(name: Uint8Array): string {
  let text = "";
  const shown = name.subarray(0, 200);
  const decoded = new TextDecoder().decode(shown);
  if (!decoded.includes("\ufffd")) {
    for (const character of decoded) text += isPrintable(character) ? character : escape(character);
  } else {
    for (const byte of shown) text += renderByte(byte);
  }
  return name.length > shown.length ? `${text}…` : text;
}

function isPrintable(character: string): boolean {
  // Controls, and those that turn the direction of text around or hide in it.
  return !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/u.test(character);
}

function escape(character: string): string {
  return Array.from(new TextEncoder().encode(character), hex).join("");
}

function renderByte(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : hex(byte);
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
