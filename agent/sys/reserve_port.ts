/** Ports that are kept for somebody. */
import { checkCall } from "./errno.ts";
import { openRawSyscall, SYS } from "./raw_syscall.ts";

export interface PortReservation {
  /** IPv4; `0.0.0.0`: every address of the machine. */
  readonly address: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

const AF_INET = 2;
const TYPES = { tcp: 1, udp: 2 } as const;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;

/**
 * Takes a port, so that nobody else can, until disposed. Nothing answers there.
 * @throws SyscallError EADDRINUSE: somebody has it; EADDRNOTAVAIL: not an address of this machine
 */
export function reservePort({ address, port, protocol }: PortReservation): Disposable {
  const call = openRawSyscall();
  const what = `port ${port}/${protocol} of ${address}`;
  const type = TYPES[protocol] | SOCK_CLOEXEC;
  const socket = checkCall("open a socket for", what, call(SYS.SOCKET, AF_INET, type, 0));
  try {
    if (protocol === "tcp") {
      // Connections that have just ended still have the port, and do not matter.
      const on = new Uint8Array([1, 0, 0, 0]);
      call(SYS.SETSOCKOPT, socket, SOL_SOCKET, SO_REUSEADDR, on, on.length);
    }
    // struct sockaddr_in; the port is in network order (ip(7)).
    const name = new Uint8Array(16);
    name.set([AF_INET, 0, port >> 8, port & 0xff, ...address.split(".").map(Number)]);
    checkCall("reserve", what, call(SYS.BIND, socket, name, name.length));
    // Two sockets that allow reuse can have the same port as long as neither listens.
    if (protocol === "tcp") checkCall("reserve", what, call(SYS.LISTEN, socket, 0));
  } catch (error) {
    call(SYS.CLOSE, socket);
    throw error;
  }
  return { [Symbol.dispose]: () => void call(SYS.CLOSE, socket) };
}
