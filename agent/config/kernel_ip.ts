/** `ip=`, in the kernel's own syntax (Documentation/admin-guide/nfs/nfsroot.rst). */
import { isIPv4 } from "node:net";
import { parseHost, parseHostName } from "./addresses.ts";
import type { KernelIp } from "./config.ts";
import { parseInterfaceName } from "./interface_options.ts";
import { type Located, splitLocated } from "./located.ts";
import type { Report } from "./problem_collector.ts";
import type { ParseValue } from "./values.ts";

const DHCP_WORDS: readonly string[] = ["on", "any", "dhcp", "both"];
const OFF_WORDS: readonly string[] = ["off", "none"];
/** Protocols older than DHCP, which the agent does not speak. */
const OLD_WORDS: readonly string[] = ["bootp", "rarp"];
const FIELDS = "CLIENT:SERVER:GATEWAY:NETMASK:HOST:DEVICE:AUTOCONF:DNS0:DNS1:NTP0";
const FIELD_COUNT = 10;

/** `dhcp`, `off` and their like, or up to ten fields between colons; empty fields are unset. */
export function parseKernelIp(value: Located, report: Report): KernelIp | undefined {
  const before = report.errors;
  const fields = splitLocated(value, ":");
  const isWord = fields.length === 1 && !/^\d/.test(value.text);
  const field = (index: number) => isWord ? undefined : fields[index];
  if (fields.length > FIELD_COUNT) {
    return report.error(value, `{} has more than ${FIELD_COUNT} fields`, `write ip=${FIELDS}`);
  }
  if (fields.length === 2) {
    const [device = "", word = ""] = value.text.split(":");
    const hint = /^[a-z]\w*$/.test(device)
      ? `write ip=:::::${device}:${word}`
      : `write ip=${FIELDS}`;
    return report.error(value, "{} is not the kernel's syntax", hint);
  }
  const client = parseField(field(0), parseIpv4, report);
  parseField(field(1), parseIpv4, report);
  const ip = {
    client,
    gateway: parseField(field(2), parseIpv4, report),
    netmask: parseField(field(3), parseNetmask, report),
    hostname: parseField(field(4), parseHostName, report),
    device: parseField(field(5), parseInterfaceName, report),
    // The kernel asks for what it was not told: with an address that is nothing.
    autoconf: parseField(isWord ? value : field(6), parseAutoconf, report) ??
      (value.text === "" || client !== undefined ? "off" : "dhcp"),
    nameServers: [7, 8].flatMap((at) => parseField(field(at), parseIpv4, report) ?? []),
    timeServer: parseField(field(9), parseHost, report),
  };
  if (report.errors > before) return undefined;
  if (ip.autoconf === "off" && !isWord && client === undefined) {
    return report.error(value, "{} gives no address and turns DHCP off", "write ip=dhcp");
  }
  return ip;
}

function parseField<T>(
  field: Located | undefined,
  parse: ParseValue<T>,
  report: Report,
): T | undefined {
  return field === undefined || field.text === "" ? undefined : parse(field, report);
}

function parseIpv4(value: Located, report: Report): string | undefined {
  if (isIPv4(value.text)) return value.text;
  return report.error(value, "{} is not an IPv4 address", "for IPv6 use b2c.iface");
}

function parseNetmask(value: Located, report: Report): string | undefined {
  const bits = value.text.split(".").map((part) => Number(part).toString(2).padStart(8, "0"));
  if (isIPv4(value.text) && /^1*0*$/.test(bits.join(""))) return value.text;
  return report.error(value, "{} is not a netmask", "such as 255.255.255.0");
}

function parseAutoconf(field: Located, report: Report): "dhcp" | "off" | undefined {
  const [word = ""] = field.text.split(",", 1);
  if (OFF_WORDS.includes(word)) return "off";
  if (DHCP_WORDS.includes(word)) return "dhcp";
  if (!OLD_WORDS.includes(word)) {
    return report.error(field, "{} is no way to get an address", "write dhcp or off");
  }
  report.warn(field, "{} is done by DHCP here");
  return "dhcp";
}
