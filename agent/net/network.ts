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
  const broken = new Set<string>();
  const claim = { isTaken: false };
  const won = Promise.withResolvers<{ client: DhcpClient; lease: Lease }>();
  const startClients = () => {
    const fresh = readLinks().map((link) => link.name)
      .filter((name) => !clients.has(name) && !broken.has(name));
    for (const name of fresh) {
      try {
        sys.kernel.setLinkUp(name);
      } catch (error) {
        // A radio that is switched off, a card without its firmware: the others go on.
        broken.add(name);
        options.onTrouble(error);
        continue;
      }
      const client = openDhcpClient(sys, name, options.hostname);
      clients.set(name, client);
      void takeLease(sys, client, claim, options.onTrouble).then((lease) => {
        if (lease) won.resolve({ client, lease });
      }, won.reject);
    }
  };
  let winner: DhcpClient | undefined;
  try {
    sys.kernel.setLinkUp("lo");
    const first = await waitForLease(sys, options, startClients, won.promise);
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

/**
 * Waits for a lease that can be applied. A server may hand out nonsense; what comes next may be
 * better. Of several interfaces, one at a time may apply what it got.
 * @returns undefined when the client has ended
 */
async function takeLease(
  sys: System,
  client: DhcpClient,
  claim: { isTaken: boolean },
  onTrouble: (error: unknown) => void,
): Promise<Lease | undefined> {
  for (;;) {
    const lease = await client.next();
    if (lease === undefined) return undefined;
    if (claim.isTaken) continue;
    claim.isTaken = true;
    try {
      await applyNetworkPlan(sys, planLease(lease));
      return lease;
    } catch (error) {
      claim.isTaken = false;
      onTrouble(error);
    }
  }
}

/** Applies renewals until disposed. */
function keepLease(
  sys: System,
  client: DhcpClient,
  lease: Lease,
  onTrouble: (error: unknown) => void,
): Network {
  const renew = async () => {
    while (await takeLease(sys, client, { isTaken: false }, onTrouble)) continue;
  };
  void renew().catch(onTrouble);
  return { lease, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}
