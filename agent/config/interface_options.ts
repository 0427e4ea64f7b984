/** `b2c.iface`. */
import { isIPv6 } from "node:net";
import { parseCidr, parseIp, parseMac } from "./addresses.ts";
import type { InterfaceConfig } from "./config.ts";
import { type Located, sliceLocated } from "./located.ts";
import {
  listFlag,
  listItems,
  type ListOption,
  parseOptionList,
  splitItems,
} from "./option_list.ts";
import type { Report } from "./problem_collector.ts";

/** What the kernel's dev_valid_name() allows: up to 15 bytes, no `/`, `:` or white space. */
const INTERFACE_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._@-]{1,15}$/;

interface InterfaceDraft {
  auto: boolean;
  dhcp: boolean;
  forward: boolean;
  addresses: string[];
  gateways: string[];
  nameServers: string[];
  routes: { destination: string; via: string }[];
}

const INTERFACE_OPTIONS: readonly ListOption<InterfaceDraft>[] = [
  listFlag("auto", "auto"),
  listFlag("dhcp", "dhcp"),
  listItems("address", "addresses", parseCidr),
  listItems("gateway", "gateways", parseIp),
  listItems("nameserver", "nameServers", parseIp),
  listItems("route", "routes", parseRoute),
  listFlag("forward", "forward"),
];

/** `NAME[,auto|dhcp][,address=CIDR]*[,gateway=IP]*[,nameserver=IP]*[,route=DST:VIA]*[,forward]`. */
export function parseInterface(value: Located, report: Report): InterfaceConfig | undefined {
  const before = report.errors;
  const [first = value, ...rest] = splitItems(value);
  const name = parseInterfaceName(first, report);
  const draft: InterfaceDraft = {
    auto: false,
    dhcp: false,
    forward: false,
    addresses: [],
    gateways: [],
    nameServers: [],
    routes: [],
  };
  parseOptionList(rest, INTERFACE_OPTIONS, draft, report);
  const { auto, ...options } = draft;
  const dhcp = options.dhcp || auto;
  if (report.errors === before) {
    for (const isSix of [false, true]) {
      if (options.gateways.filter((gateway) => isIPv6(gateway) === isSix).length > 1) {
        report.error(value, `{} has two gateways of IPv${isSix ? 6 : 4}`);
      }
    }
    if (!dhcp && options.addresses.length === 0) {
      const hint = "add dhcp or address=…, if it should have one";
      report.warn(value, "{} brings the interface up without an address", hint);
    }
  }
  if (name === undefined || report.errors > before) return undefined;
  report.define("interface", first);
  return { name, ...options, dhcp };
}

/** An interface's name, or a MAC address. */
export function parseInterfaceName(value: Located, report: Report): string | undefined {
  const name = parseMac(value.text) ?? value.text;
  if (name !== value.text || INTERFACE_NAME.test(name) || parseMac(name)) return name;
  return report.error(
    value,
    "{} is neither the name of an interface nor a MAC address",
    "such as eth0, 52:54:00:12:34:56",
  );
}

/** `DST:VIA`; an IPv6 part stands in brackets, its prefix length inside or after them. */
function parseRoute(
  value: Located,
  report: Report,
): { destination: string; via: string } | undefined {
  const match = /^(\[[^\]]*\](?:\/\d+)?|[^:[\]]*):(.*)$/.exec(value.text);
  const [, target = "", via = ""] = match ?? [];
  if (via === "" || target === "") {
    return report.error(
      value,
      "{} is not a route",
      "write DST:VIA, such as 10.1.0.0/16:10.0.0.1 or [2001:db8::/32]:[fe80::1]",
    );
  }
  const gateway = parseIp(sliceLocated(value, target.length + 1), report);
  const place = sliceLocated(value, 0, target.length);
  const destination = target === "default" ? target : parseCidr(unbracket(place), report);
  if (gateway === undefined || destination === undefined) return undefined;
  if (destination !== "default" && isIPv6(gateway) !== destination.includes(":")) {
    return report.error(value, "{} mixes IPv4 and IPv6");
  }
  return { destination, via: gateway };
}

/** `[2001:db8::/32]` without its brackets; `[2001:db8::]/32` is left to parseCidr. */
function unbracket(value: Located): Located {
  const isWhole = value.text.startsWith("[") && value.text.endsWith("]");
  return isWhole ? sliceLocated(value, 1, value.text.length - 1) : value;
}
