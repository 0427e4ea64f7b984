import { describe, expect, it } from "vitest";
import { parseInterface } from "../../../agent/config/interface_options.ts";
import { parseLine, parseValue } from "../../support/parse_value.ts";

const NOTHING = {
  dhcp: false,
  addresses: [],
  gateways: [],
  nameServers: [],
  routes: [],
  forward: false,
};

describe("b2c.iface", () => {
  it.each([
    { text: "eth0,auto", wanted: { name: "eth0", dhcp: true } },
    { text: "eth0,dhcp,forward", wanted: { name: "eth0", dhcp: true, forward: true } },
    {
      text: "52-54-00-12-34-5F,dhcp",
      wanted: { name: "52:54:00:12:34:5f", dhcp: true },
    },
    {
      text: "eth0.5,address=10.0.0.2/24,address=[2001:db8::2]/64,gateway=10.0.0.1," +
        "gateway=fe80::1,nameserver=10.0.0.1,nameserver=[::1]",
      wanted: {
        name: "eth0.5",
        addresses: ["10.0.0.2/24", "2001:db8::2/64"],
        gateways: ["10.0.0.1", "fe80::1"],
        nameServers: ["10.0.0.1", "::1"],
      },
    },
    {
      text: "eth0,dhcp,route=10.1.0.0/16:10.0.0.1,route=[2001:db8::/32]:[fe80::1]," +
        "route=[2001:db8:1::]/48:fe80::2,route=default:10.0.0.1",
      wanted: {
        name: "eth0",
        dhcp: true,
        routes: [
          { destination: "10.1.0.0/16", via: "10.0.0.1" },
          { destination: "2001:db8::/32", via: "fe80::1" },
          { destination: "2001:db8:1::/48", via: "fe80::2" },
          { destination: "default", via: "10.0.0.1" },
        ],
      },
    },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseInterface, text)).toMatchObject({
      value: { ...NOTHING, ...wanted },
      problems: [],
    });
  });

  it.each([
    {
      text: "much_too_long_name,dhcp",
      message: '"much_too_long_name" is neither the name of an interface nor a MAC address',
    },
    { text: "eth0,address=10.0.0.2", message: '"10.0.0.2" has no prefix length' },
    { text: "eth0,dhcp,gateway=here", message: '"here" is not an IP address' },
    { text: "eth0,dhcp,route=10.1.0.0/16", message: '"10.1.0.0/16" is not a route' },
    {
      text: "eth0,dhcp,route=10.1.0.0/16:[fe80::1]",
      message: '"10.1.0.0/16:[fe80::1]" mixes IPv4 and IPv6',
    },
    {
      text: "eth0,dhcp,gateway=10.0.0.1,gateway=10.0.0.2",
      message: '"eth0,dhcp,gateway=10.0.0.1,gateway=10.0.0.2" has two gateways of IPv4',
    },
    {
      text: "eth0,dchp",
      message:
        '"dchp" is no option here: known are auto, dhcp, address, gateway, nameserver, route, forward',
    },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseInterface, text)).toMatchObject({ value: undefined, errors: [message] });
  });

  it("warns of one that gets no address", () => {
    expect(parseValue(parseInterface, "eth0").warnings).toHaveLength(1);
  });

  it("goes on with the good ones", () => {
    const line = "b2c.iface=eth0,bad b2c.iface=eth1,dhcp b2c.iface=eth1,auto";
    const { network, errors } = parseLine(line);
    expect(network.interfaces.map(({ name }) => name)).toEqual(["eth1"]);
    expect(errors).toHaveLength(2);
  });
});
