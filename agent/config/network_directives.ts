/** Directives about the network and what comes over it before the images. */
import { type Directive, scalar } from "./directive.ts";
import { parseInterface } from "./interface_options.ts";
import { parseKernelIp } from "./kernel_ip.ts";
import { parseExtraArguments, parseNtpPeer, parseProxy } from "./network_options.ts";
import { parseSeconds } from "./values.ts";

const DAY_SECONDS = 86400;

export const NETWORK_DIRECTIVES: readonly Directive[] = [
  {
    name: "b2c.iface",
    syntax: "NAME[,auto|dhcp][,address=CIDR]*[,gateway=IP][,nameserver=IP]*[,route=DST:VIA]*" +
      "[,forward]",
    fallback: "",
    help: "an interface, by name or MAC address; IPv6 in brackets beside a colon",
    repeatable: true,
    implemented: false,
    apply: (draft, value, report) => {
      const parsed = parseInterface(value, report);
      if (parsed) draft.network.interfaces.push(parsed);
    },
  },
  {
    name: "ip",
    syntax: "dhcp | CLIENT:SERVER:GATEWAY:NETMASK:HOST:DEVICE:AUTOCONF:DNS0:DNS1:NTP0",
    fallback: "dhcp",
    help: "the network in the kernel's own syntax",
    mayBeEmpty: true,
    implemented: ["dhcp", "on", "any", "both", "::::::dhcp"],
    apply: (draft, value, report) => {
      draft.network.kernelIp = parseKernelIp(value, report) ?? draft.network.kernelIp;
    },
  },
  {
    name: "b2c.network_timeout",
    syntax: "SECONDS",
    fallback: "30",
    help: "how long to wait for a network",
    implemented: true,
    apply: (draft, value, report) => {
      draft.network.timeout = parseSeconds(DAY_SECONDS)(value, report) ?? draft.network.timeout;
    },
  },
  {
    name: "b2c.ntp_peer",
    syntax: "none | auto | HOST",
    fallback: "none",
    help: "where to get the time; auto: from DHCP, then pool.ntp.org",
    implemented: ["none"],
    apply: scalar("ntp", parseNtpPeer),
  },
  {
    name: "b2c.proxy",
    syntax: "https=URL | http=URL | no=HOST[|HOST]*, also several between commas",
    fallback: "",
    help: "proxies for registry, S3 and b2c.extra_args_url; containers get them too",
    repeatable: true,
    implemented: false,
    apply: (draft, value, report) => {
      const parsed = parseProxy(value, report);
      draft.proxy.http = parsed?.http ?? draft.proxy.http;
      draft.proxy.https = parsed?.https ?? draft.proxy.https;
      draft.proxy.no.push(...parsed?.no ?? []);
    },
  },
  {
    name: "b2c.extra_args_url",
    syntax: "URL[,sha256=HEX]",
    fallback: "",
    help: "more directives; the URL may hold ${mac} ${ip} ${hostname} ${uuid} ${serial}",
    // The containers may be in there.
    essential: true,
    implemented: false,
    apply: scalar("extraArguments", parseExtraArguments),
  },
];
