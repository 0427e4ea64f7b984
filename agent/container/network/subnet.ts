/** IPv4 networks as numbers, and the choice of one, and of an address in it. */

/** A network. */
export interface Subnet {
  /** Its first address, as a number of 32 bits. */
  readonly base: number;
  /** Bits of the network part. */
  readonly prefix: number;
}

/** What podman takes; then what private networks there are, those in rare use first (RFC 1918). */
const CANDIDATES: readonly Subnet[] = [
  ...range(88, 255).map((octet) => subnet(10, octet, 0, 16)),
  ...range(31, 16).map((octet) => subnet(172, octet, 0, 16)),
  ...range(255, 0).map((octet) => subnet(192, 168, octet, 24)),
];

/**
 * Chooses a network that overlaps with none that the machine uses.
 * @returns undefined when every private network is in use
 */
export function chooseSubnet(taken: readonly Subnet[]): Subnet | undefined {
  return CANDIDATES.find((candidate) => !taken.some((other) => isOverlap(candidate, other)));
}

/**
 * Chooses an address for a container: the one after the last that was given out, so that what
 * others remember of a container that ended does not lead to the next. The first address of the
 * network is the bridge's own.
 * @returns undefined when all are in use
 */
export function chooseAddress(
  { base, prefix }: Subnet,
  used: ReadonlySet<number>,
  last: number | undefined,
): number | undefined {
  const first = base + 2;
  // Without the broadcast address.
  const count = 2 ** (32 - prefix) - 3;
  const isInside = last !== undefined && last >= first && last < first + count;
  const start = isInside ? last + 1 - first : 0;
  for (let step = 0; step < count; step++) {
    const address = first + ((start + step) % count);
    if (!used.has(address)) return address;
  }
  return undefined;
}

/** True when some address is in both. */
export function isOverlap(a: Subnet, b: Subnet): boolean {
  const size = 2 ** (32 - Math.min(a.prefix, b.prefix));
  return Math.floor(a.base / size) === Math.floor(b.base / size);
}

/** The number of an IPv4 address; the text is known to be one. */
export function parseAddress(text: string): number {
  return text.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

export function renderAddress(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

export function renderSubnet({ base, prefix }: Subnet): string {
  return `${renderAddress(base)}/${prefix}`;
}

function subnet(first: number, second: number, third: number, prefix: number): Subnet {
  return { base: parseAddress(`${first}.${second}.${third}.0`), prefix };
}

/** Whole numbers from one to another, both included, up or down. */
function range(from: number, to: number): readonly number[] {
  const step = from <= to ? 1 : -1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + index * step);
}
