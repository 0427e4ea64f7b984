/** Brings the network up: DHCP on every Ethernet interface at once, the first lease wins. */
import { TimeoutError } from "../errors.ts";
import type { System } from "../sys/system.ts";
import { applyNetworkPlan } from "./apply.ts";
import { type DhcpClient, openDhcpClient } from "./dhcp.ts";
import type { Lease } from "./lease.ts";
import { type Link, readLinks, renderLinks } from "./links.ts";
import { planLease } from "./plan.ts";

export interface NetworkOptions {
  /** Sent to the DHCP server. */
  readonly hostname: string;
  /** Seconds. */
  readonly timeout: number;
  /** Called every few seconds with what is awaited. */
  readonly onWait: (text: string) => void;
  /** Called when a renewed lease could not be applied. */
  readonly onTrouble: (error: unknown) => void;
}

/** A network that is up. Dispose it to give the lease back. */
export interface Network extends AsyncDisposable {
  readonly lease: Lease;
}

const REPORT_EVERY_MS = 5000;

/**
 * Waits for the first lease on any interface; interfaces that appear meanwhile join in.
 * @throws TimeoutError that names each interface, its driver and its state
 */
export async function openNetwork(sys: System, options: NetworkOptions): Promise<Network> {
  const clients = new Map<string, DhcpClient>();
  const won = Promise.withResolvers<{ client: DhcpClient; lease: Lease }>();
  const startClients = () => {
    const fresh = readLinks().map((link) => link.name).filter((name) => !clients.has(name));
    for (const name of fresh) {
      sys.kernel.setLinkUp(name);
      const client = openDhcpClient(sys, name, options.hostname);
      clients.set(name, client);
      void client.next().then((lease) => lease && won.resolve({ client, lease }), won.reject);
    }
  };
  let winner: DhcpClient | undefined;
  try {
    sys.kernel.setLinkUp("lo");
    const first = await waitForLease(sys, options, startClients, won.promise);
    await applyNetworkPlan(sys, planLease(first.lease));
    winner = first.client;
    return keepLease(sys, winner, first.lease, options.onTrouble);
  } finally {
    await Promise.all(
      clients.values().filter((client) => client !== winner).map((client) =>
        client[Symbol.asyncDispose]()
      ),
    );
  }
}

async function waitForLease<T>(
  sys: System,
  options: NetworkOptions,
  startClients: () => void,
  won: Promise<T>,
): Promise<T> {
  using devices = sys.kernel.openUevents();
  startClients();
  const deadline = sys.clock.uptime() + options.timeout * 1000;
  let report = sys.clock.uptime() + REPORT_EVERY_MS;
  const lease = won.then((value) => ({ value }));
  for (;;) {
    const event = await Promise.race([lease, devices.next()]);
    if (event && "value" in event) return event.value;
    if (event?.get("SUBSYSTEM") === "net" && event.get("ACTION") === "add") startClients();
    const now = sys.clock.uptime();
    if (now >= deadline) throw noLease(options.timeout, readLinks());
    if (now >= report) {
      report += REPORT_EVERY_MS;
      options.onWait(`still waiting for a DHCP lease: ${renderLinks(readLinks())}`);
    }
  }
}

function noLease(seconds: number, links: readonly Link[]): TimeoutError {
  return new TimeoutError(`a DHCP lease (${renderLinks(links)})`, seconds * 1000, {
    hint: links.length === 0
      ? "no driver found an Ethernet interface: add its module to an archive, or b2c.load=MODULE"
      : links.some((link) => link.carrier)
      ? "the cable is in, no DHCP server answers on it"
      : "no interface has a link: is the cable in?",
  });
}

/** Applies renewals until disposed. */
function keepLease(
  sys: System,
  client: DhcpClient,
  lease: Lease,
  onTrouble: (error: unknown) => void,
): Network {
  const renew = async () => {
    for (let next = await client.next(); next; next = await client.next()) {
      await applyNetworkPlan(sys, planLease(next));
    }
  };
  void renew().catch(onTrouble);
  return { lease, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}
