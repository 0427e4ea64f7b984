/** A DHCP client on one interface: busybox's udhcpc, which stays to renew the lease. */
import type { Process } from "../sys/spawn.ts";
import type { System } from "../sys/system.ts";
import { type DhcpEvent, type Lease, parseDhcpEvent, parseLease } from "./lease.ts";

/** Prints its event and variables, each ended by a NUL, and one more NUL. */
const LEASE_SCRIPT = "/usr/share/udhcpc/b2c-lease";

/** Asked for besides what udhcpc asks for anyway: option names are its own. */
const EXTRA_OPTIONS = ["mtu", "search", "ntpsrv"];

export interface DhcpClient extends AsyncDisposable {
  readonly link: string;
  /** Waits for the next lease: the first, then renewals. Undefined: the client has ended. */
  next(): Promise<Lease | undefined>;
}

/** Starts a client; it asks every second until somebody answers. Dispose it to give the lease back. */
export function openDhcpClient(sys: System, link: string, hostname: string): DhcpClient {
  const process = sys.spawn.start([
    "/bin/busybox",
    "udhcpc",
    "-f", // in the foreground: its life is this object's
    "-R", // gives the lease back at the end
    "-S",
    "-i",
    link,
    "-s",
    LEASE_SCRIPT,
    "-T",
    "1",
    "-t",
    "3600",
    "-x",
    `hostname:${hostname}`,
    ...EXTRA_OPTIONS.flatMap((name) => ["-O", name]),
  ], { stdout: "piped" });
  const leases = readLeases(process);
  return {
    link,
    next: async () => (await leases.next()).value ?? undefined,
    async [Symbol.asyncDispose]() {
      process.kill("SIGTERM");
      await process.status;
    },
  };
}

async function* readLeases(process: Process): AsyncGenerator<Lease, undefined> {
  for await (const event of readEvents(process.stdout)) {
    if (event.kind !== "bound" && event.kind !== "renew") continue;
    const lease = parseLease(event);
    if (lease) yield lease;
  }
  return undefined;
}

/** A record longer than this is not a lease. */
const RECORD_LIMIT = 64 * 1024;

/** Splits the script's output into events. */
export async function* readEvents(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<DhcpEvent> {
  let pending = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    pending += text;
    for (let end: number; (end = pending.indexOf("\0\0")) >= 0;) {
      yield parseDhcpEvent(pending.slice(0, end).split("\0"));
      pending = pending.slice(end + 2);
    }
    if (pending.length > RECORD_LIMIT) pending = "";
  }
}
