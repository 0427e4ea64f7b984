/** Headers that say something of the entry after them: PAX `x` and `g`, GNU `L` and `K`. Pure. */
import { NO_PAX, parsePax, type PaxRecords } from "./pax.ts";
import type { TarHeader } from "./tar_header.ts";

/** Of one such header; as in Go's archive/tar. */
const MAX_BYTES = 1 << 20;
/** Of all global headers: they are kept, and each entry gets what they say. */
const MAX_GLOBAL_BYTES = 1 << 20;
const MAX_GLOBAL_XATTRS = 100;

const TYPE = { PAX: 0x78, PAX_GLOBAL: 0x67, LONG_NAME: 0x4c, LONG_LINK: 0x4b } as const;

/** What is in force for an entry. */
export interface Extensions {
  readonly pax: PaxRecords;
  readonly longName: Uint8Array | undefined;
  readonly longLink: Uint8Array | undefined;
}

export function isExtension(typeflag: number): boolean {
  return typeflag === TYPE.PAX || typeflag === TYPE.PAX_GLOBAL ||
    typeflag === TYPE.LONG_NAME || typeflag === TYPE.LONG_LINK;
}

/** Collects them until their entry comes. */
export class ExtensionCollector {
  #typeflag = 0;
  #body = new Uint8Array(0);
  #have = 0;
  #global: PaxRecords = NO_PAX;
  #globalBytes = 0;
  #local: PaxRecords | undefined;
  #longName: Uint8Array | undefined;
  #longLink: Uint8Array | undefined;

  /** Something waits for an entry. */
  get isPending(): boolean {
    return (this.#local ?? this.#longName ?? this.#longLink) !== undefined;
  }

  /** Begins one. Returns what is wrong with it. */
  begin(header: TarHeader): string | undefined {
    if (header.size < 0 || header.size > MAX_BYTES) {
      return `its extended header has ${header.size} bytes`;
    }
    if (header.typeflag === TYPE.PAX_GLOBAL) {
      this.#globalBytes += header.size;
      if (this.#globalBytes > MAX_GLOBAL_BYTES) {
        return `its global extended headers have more than ${MAX_GLOBAL_BYTES} bytes`;
      }
    }
    this.#typeflag = header.typeflag;
    this.#body = new Uint8Array(header.size);
    this.#have = 0;
    return undefined;
  }

  /** Adds to its body. */
  add(bytes: Uint8Array): void {
    this.#body.set(bytes, this.#have);
    this.#have += bytes.length;
  }

  /** Its body is complete. Returns what is wrong with it. */
  finish(): string | undefined {
    switch (this.#typeflag) {
      case TYPE.LONG_NAME:
        this.#longName = untilNul(this.#body);
        return undefined;
      case TYPE.LONG_LINK:
        this.#longLink = untilNul(this.#body);
        return undefined;
    }
    const records = parsePax(this.#body, this.#global);
    if (typeof records === "string") return records;
    if (this.#typeflag === TYPE.PAX) {
      this.#local = records;
      return undefined;
    }
    const { path, linkpath, size, sparse } = records;
    if (path !== undefined || linkpath !== undefined || size !== undefined || sparse.size > 0) {
      return "a global extended header names or sizes every file alike";
    }
    if (records.xattrs.size > MAX_GLOBAL_XATTRS) {
      return `its global extended headers have more than ${MAX_GLOBAL_XATTRS} xattrs`;
    }
    this.#global = records;
    return undefined;
  }

  /** Hands over what is in force for the entry that comes now. */
  take(): Extensions {
    const taken = {
      pax: this.#local ?? this.#global,
      longName: this.#longName,
      longLink: this.#longLink,
    };
    this.#local = this.#longName = this.#longLink = undefined;
    return taken;
  }
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
