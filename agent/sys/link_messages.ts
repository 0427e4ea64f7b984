/**
 * Messages that change network interfaces, as bytes (rtnetlink(7), netlink(7)). Both machines that
 * the agent runs on are little-endian.
 */
import { assertNever } from "../errors.ts";

/** One change. Interfaces go by their index in the namespace of the socket. */
export type LinkChange =
  /** `address`: 6 bytes. Without one of its own a bridge would change it with each member. */
  | { readonly kind: "add-bridge"; readonly name: string; readonly address: Uint8Array }
  /** Two interfaces joined by a wire: a port of a bridge here, which is up, and one elsewhere. */
  | {
    readonly kind: "add-pair";
    readonly name: string;
    readonly bridge: number;
    readonly peer: {
      readonly name: string;
      readonly index: number;
      /** Descriptor of the namespace. */
      readonly namespace: number;
    };
  }
  | { readonly kind: "set-up"; readonly index: number }
  | { readonly kind: "remove"; readonly index: number }
  | {
    readonly kind: "add-address";
    readonly index: number;
    /** IPv4. */
    readonly address: string;
    readonly prefix: number;
  }
  | { readonly kind: "add-default-route"; readonly gateway: string };

const RTM = { NEWLINK: 16, DELLINK: 17, GETLINK: 18, NEWADDR: 20, NEWROUTE: 24 } as const;
const REQUEST = 1;
const ACK = 4;
const CREATE = 0x200 | 0x400; // with NLM_F_EXCL
const IFLA = { ADDRESS: 1, IFNAME: 3, MASTER: 10, LINKINFO: 18, NET_NS_FD: 28 } as const;
const INFO = { KIND: 1, DATA: 2 } as const;
const VETH_INFO_PEER = 1;
const IFA = { ADDRESS: 1, LOCAL: 2 } as const;
const RTA_GATEWAY = 5;
const NESTED = 0x8000;
const IFF_UP = 1;
const AF_INET = 2;
/** Main table, made by a person or program, any distance, unicast (linux/rtnetlink.h). */
const ROUTE = { table: 254, protocol: 4, scope: 0, type: 1 } as const;
const HEADER_BYTES = 16;

/** Renders a change as one message that asks for an answer. */
export function renderLinkChange(change: LinkChange): Uint8Array<ArrayBuffer> {
  switch (change.kind) {
    case "add-bridge":
      return message(RTM.NEWLINK, CREATE | ACK, [
        link({ up: true }),
        attribute(IFLA.IFNAME, text(change.name)),
        attribute(IFLA.ADDRESS, change.address),
        attribute(IFLA.LINKINFO | NESTED, attribute(INFO.KIND, text("bridge"))),
      ]);
    case "add-pair":
      return message(RTM.NEWLINK, CREATE | ACK, [
        link({ up: true }),
        attribute(IFLA.IFNAME, text(change.name)),
        attribute(IFLA.MASTER, word(change.bridge)),
        attribute(
          IFLA.LINKINFO | NESTED,
          attribute(INFO.KIND, text("veth")),
          attribute(
            INFO.DATA | NESTED,
            attribute(
              VETH_INFO_PEER | NESTED,
              link({ index: change.peer.index }),
              attribute(IFLA.IFNAME, text(change.peer.name)),
              attribute(IFLA.NET_NS_FD, word(change.peer.namespace)),
            ),
          ),
        ),
      ]);
    case "set-up":
      return message(RTM.NEWLINK, ACK, [link({ index: change.index, up: true })]);
    case "remove":
      return message(RTM.DELLINK, ACK, [link({ index: change.index })]);
    case "add-address": {
      const address = parseBytes(change.address);
      const header = new Uint8Array([AF_INET, change.prefix, 0, 0]);
      return message(RTM.NEWADDR, CREATE | ACK, [
        join([header, word(change.index)]),
        attribute(IFA.LOCAL, address),
        attribute(IFA.ADDRESS, address),
      ]);
    }
    case "add-default-route": {
      const { table, protocol, scope, type } = ROUTE;
      const header = new Uint8Array([AF_INET, 0, 0, 0, table, protocol, scope, type]);
      return message(RTM.NEWROUTE, CREATE | ACK, [
        join([header, word(0)]),
        attribute(RTA_GATEWAY, parseBytes(change.gateway)),
      ]);
    }
    default:
      return assertNever(change);
  }
}

/** Renders the question for an interface by its name. */
export function renderLinkQuestion(name: string): Uint8Array<ArrayBuffer> {
  return message(RTM.GETLINK, 0, [link({}), attribute(IFLA.IFNAME, text(name))]);
}

/** Reads an answer: −errno, 0 for done, or the index of the interface that it describes. */
export function parseLinkAnswer(answer: DataView): number {
  const NLMSG_ERROR = 2;
  const type = answer.getUint16(4, true);
  if (type === NLMSG_ERROR) return answer.getInt32(HEADER_BYTES, true);
  if (type === RTM.NEWLINK) return answer.getInt32(HEADER_BYTES + 4, true);
  throw new TypeError(`Cannot read an answer of the kernel: it has type ${type}`);
}

/** struct nlmsghdr, then the parts. */
function message(
  type: number,
  flags: number,
  parts: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const bytes = join([new Uint8Array(HEADER_BYTES), ...parts]);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, bytes.length, true);
  header.setUint16(4, type, true);
  header.setUint16(6, flags | REQUEST, true);
  return bytes;
}

/** struct ifinfomsg. */
function link({ index = 0, up = false }: { index?: number; up?: boolean }): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setInt32(4, index, true);
  view.setUint32(8, up ? IFF_UP : 0, true);
  view.setUint32(12, up ? IFF_UP : 0, true);
  return bytes;
}

/** struct rtattr, padded to 4 bytes; its length is without the padding. */
function attribute(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const payload = join(parts);
  const bytes = new Uint8Array((4 + payload.length + 3) & ~3);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 4 + payload.length, true);
  view.setUint16(2, type, true);
  bytes.set(payload, 4);
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(`${value}\0`);
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function parseBytes(address: string): Uint8Array {
  return new Uint8Array(address.split(".").map(Number));
}
