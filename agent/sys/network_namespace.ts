/** Network namespaces (network_namespaces(7)). */
import { checkCall } from "./errno.ts";
import { O } from "./file_calls.ts";
import { type LinkSocket, openLinkSocket } from "./link_socket.ts";
import { AT_FDCWD, openRawSyscall, SYS } from "./raw_syscall.ts";

/**
 * A network namespace that lives as long as this object, or a process in it: a descriptor is all
 * that holds it, so nothing of it outlives an agent that is killed.
 */
export interface NetworkNamespace extends Disposable {
  readonly descriptor: number;
  /** Leads to it from every process of this machine. */
  readonly path: string;
  /** Changes its interfaces. */
  readonly links: LinkSocket;
}

/** The loopback interface is the first of every namespace. */
export const LOOPBACK_INDEX = 1;

const CLONE_NEWNET = 0x40000000;
const OWN_NAMESPACE = "/proc/thread-self/ns/net";
const OWN_NAMESPACE_BYTES = new TextEncoder().encode(`${OWN_NAMESPACE}\0`);

/**
 * Makes a namespace. The thread is in it for three calls, and back in its own before anything else
 * can run on it.
 * @throws SyscallError
 */
export function createNetworkNamespace(): NetworkNamespace {
  const call = openRawSyscall();
  const open = () =>
    checkCall(
      "open",
      OWN_NAMESPACE,
      call(SYS.OPENAT, AT_FDCWD, OWN_NAMESPACE_BYTES, O.RDONLY | O.CLOEXEC, 0),
    );
  const own = open();
  try {
    checkCall("create", "a network namespace", call(SYS.UNSHARE, CLONE_NEWNET));
    try {
      const descriptor = open();
      const links = openLinkSocketOr(() => call(SYS.CLOSE, descriptor));
      return {
        descriptor,
        path: `/proc/${Deno.pid}/fd/${descriptor}`,
        links,
        [Symbol.dispose]() {
          links[Symbol.dispose]();
          call(SYS.CLOSE, descriptor);
        },
      };
    } finally {
      checkCall("go back to", "the machine's network", call(SYS.SETNS, own, CLONE_NEWNET));
    }
  } finally {
    call(SYS.CLOSE, own);
  }
}

function openLinkSocketOr(giveUp: () => void): LinkSocket {
  try {
    return openLinkSocket();
  } catch (error) {
    giveUp();
    throw error;
  }
}
