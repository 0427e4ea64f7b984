/** The network interfaces of this machine, as sysfs tells them. */

/** An Ethernet-like interface. */
export interface Link {
  readonly name: string;
  /** Lower case, with colons. */
  readonly address: string;
  /** True when a cable (or what stands for it) is plugged in; false too while the link is down. */
  readonly carrier: boolean;
  /** The kernel driver; empty for a virtual one. */
  readonly driver: string;
}

/** ARPHRD_ETHER (linux/if_arp.h). */
const ETHERNET = "1";

/** All Ethernet interfaces below a sysfs, by name; bridges, bonds and the like are left out. */
export function readLinks(sysfs = "/sys"): readonly Link[] {
  const folder = `${sysfs}/class/net`;
  const links: Link[] = [];
  for (const { name } of Deno.readDirSync(folder)) {
    const at = `${folder}/${name}`;
    if (read(`${at}/type`) !== ETHERNET) continue;
    // Hardware, and virtual functions of hypervisors, have a device; dummies and bridges do not.
    const driver = readLinkName(`${at}/device/driver`);
    if (driver === undefined) continue;
    links.push({
      name,
      address: read(`${at}/address`),
      carrier: read(`${at}/carrier`) === "1",
      driver,
    });
  }
  return links.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One line: `eth0 (virtio_net, link up), eth1 (e1000, no link)`. */
export function renderLinks(links: readonly Link[]): string {
  if (links.length === 0) return "no Ethernet interface";
  return links.map(({ name, driver, carrier }) =>
    `${name} (${driver}, ${carrier ? "link up" : "no link"})`
  ).join(", ");
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path).trim();
  } catch {
    return ""; // `carrier` answers EINVAL while the interface is down.
  }
}

function readLinkName(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path).split("/").at(-1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
