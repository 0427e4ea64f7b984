/** The kernel's announcements of devices that come and go (netlink, NETLINK_KOBJECT_UEVENT). */
import { checkCall } from "./errno.ts";
import { openRawSyscall, openWaitingSyscall, SYS } from "./raw_syscall.ts";

/** One announcement: `ACTION=add`, `SUBSYSTEM=net`, `DEVNAME=…`, as the kernel names them. */
export type Uevent = ReadonlyMap<string, string>;

export interface Uevents extends Disposable {
  /** The next announcement; undefined when none came within a quarter of a second. */
  next(): Promise<Uevent | undefined>;
}

const AF_NETLINK = 16;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const NETLINK_KOBJECT_UEVENT = 15;
const KERNEL_GROUP = 1;
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
const WAIT_MICROSECONDS = 250_000n;
/** UEVENT_BUFFER_SIZE of the kernel is 2 KiB; the header comes on top. */
const BUFFER_BYTES = 8192;

/** Listens from now on. */
export function openUevents(): Uevents {
  const call = openRawSyscall();
  const wait = openWaitingSyscall();
  // struct sockaddr_nl (netlink(7)): family, padding, port id, groups.
  const address = new Uint8Array(12);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_NETLINK, true);
  view.setUint32(8, KERNEL_GROUP, true);
  const limit = new Uint8Array(new BigInt64Array([0n, WAIT_MICROSECONDS]).buffer);
  const socket = call(SYS.SOCKET, AF_NETLINK, SOCK_DGRAM_CLOEXEC, NETLINK_KOBJECT_UEVENT);
  checkCall("listen to", "uevents", socket);
  checkCall("bind to", "uevents", call(SYS.BIND, socket, address, address.length));
  const limited = call(SYS.SETSOCKOPT, socket, SOL_SOCKET, SO_RCVTIMEO, limit, limit.length);
  checkCall("set the limit of", "uevents", limited);
  const buffer = new Uint8Array(BUFFER_BYTES);
  let waiting: Promise<number> | undefined;
  return {
    async next() {
      waiting = wait(SYS.RECVFROM, socket, buffer, buffer.length, 0, null, null);
      const size = await waiting;
      return size > 0 ? parseUevent(buffer.subarray(0, size)) : undefined;
    },
    [Symbol.dispose]() {
      // The thread still waits in recv; closing now could hand its descriptor to another file.
      void Promise.resolve(waiting).then(() => call(SYS.CLOSE, socket));
    },
  };
}

/** Parses a message: `action@path`, then `NAME=value`, each ended by a NUL. */
export function parseUevent(bytes: Uint8Array): Uevent {
  const [, ...items] = new TextDecoder().decode(bytes).split("\0");
  const variables = new Map<string, string>();
  for (const item of items) {
    const at = item.indexOf("=");
    if (at > 0) variables.set(item.slice(0, at), item.slice(at + 1));
  }
  return variables;
}
