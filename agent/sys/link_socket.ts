/** Network interfaces, their addresses and routes, changed through netlink (netlink(7)). */
import { SyscallError } from "../errors.ts";
import { checkCall, errnoName } from "./errno.ts";
import {
  type LinkChange,
  parseLinkAnswer,
  renderLinkChange,
  renderLinkQuestion,
} from "./link_messages.ts";
import { openRawSyscall, SYS } from "./raw_syscall.ts";

/** Acts in the network namespace that it was opened in. */
export interface LinkSocket extends Disposable {
  /**
   * Makes changes, in order, up to the first that fails.
   * @throws SyscallError
   */
  apply(changes: readonly LinkChange[]): void;
  /** The index of an interface. @throws SyscallError (ENODEV) when there is none of that name */
  indexOf(name: string): number;
}

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const NETLINK_ROUTE = 0;
/** The kernel answers before sendto(2) comes back: there is nothing to wait for. */
const MSG_DONTWAIT = 0x40;
const ANSWER_LIMIT_BYTES = 16 << 10;

/** Opens a socket in the namespace of the calling thread. @throws SyscallError */
export function openLinkSocket(): LinkSocket {
  const call = openRawSyscall();
  const socket = checkCall(
    "open",
    "a netlink socket",
    call(SYS.SOCKET, AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE),
  );
  const ask = (verb: string, what: string, message: Uint8Array<ArrayBuffer>): number => {
    checkCall(verb, what, call(SYS.SENDTO, socket, message, message.length, 0, null, 0));
    const answer = new Uint8Array(ANSWER_LIMIT_BYTES);
    const length = call(SYS.RECVFROM, socket, answer, answer.length, MSG_DONTWAIT, null, null);
    checkCall(verb, what, length);
    const result = parseLinkAnswer(new DataView(answer.buffer, 0, length));
    if (result < 0) throw new SyscallError(verb, what, errnoName(-result));
    return result;
  };
  return {
    apply(changes) {
      for (const change of changes) ask("change", renderChange(change), renderLinkChange(change));
    },
    indexOf: (name) => ask("find", `network interface ${name}`, renderLinkQuestion(name)),
    [Symbol.dispose]: () => void call(SYS.CLOSE, socket),
  };
}

/** For messages: what was to be done, to what. */
function renderChange(change: LinkChange): string {
  const details = Object.entries(change)
    .filter(([, value]) => typeof value === "string" || typeof value === "number")
    .map(([, value]) => value);
  return `network interfaces (${details.join(" ")})`;
}
