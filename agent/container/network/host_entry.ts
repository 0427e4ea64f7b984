/** A line of hosts(5): an address, and the names that lead to it. */
export interface HostEntry {
  readonly address: string;
  readonly names: readonly string[];
}
