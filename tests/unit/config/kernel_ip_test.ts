import { describe, expect, it } from "vitest";
import { parseKernelIp } from "../../../agent/config/kernel_ip.ts";
import { parseLine, parseValue } from "../../support/parse_value.ts";

const UNSET = {
  client: undefined,
  gateway: undefined,
  netmask: undefined,
  hostname: undefined,
  device: undefined,
  nameServers: [],
  timeServer: undefined,
};

describe("ip=", () => {
  it.each([
    { text: "dhcp", wanted: { autoconf: "dhcp" } },
    { text: "on", wanted: { autoconf: "dhcp" } },
    { text: "any", wanted: { autoconf: "dhcp" } },
    { text: "off", wanted: { autoconf: "off" } },
    { text: "none", wanted: { autoconf: "off" } },
    { text: "", wanted: { autoconf: "off" } },
    { text: "dhcp,0", wanted: { autoconf: "dhcp" } },
    { text: "::::dut::dhcp", wanted: { hostname: "dut", autoconf: "dhcp" } },
    { text: ":::::eth1:dhcp", wanted: { device: "eth1", autoconf: "dhcp" } },
    { text: ":::::eth1", wanted: { device: "eth1", autoconf: "dhcp" } },
    { text: "10.0.0.2", wanted: { client: "10.0.0.2", autoconf: "off" } },
    {
      text: "10.0.0.2:10.0.0.9:10.0.0.1:255.255.255.0:dut:eth0:off:10.0.0.1:1.1.1.1:10.0.0.3",
      wanted: {
        client: "10.0.0.2",
        gateway: "10.0.0.1",
        netmask: "255.255.255.0",
        hostname: "dut",
        device: "eth0",
        autoconf: "off",
        nameServers: ["10.0.0.1", "1.1.1.1"],
        timeServer: "10.0.0.3",
      },
    },
    {
      text: "10.0.0.2::10.0.0.1:255.255.255.0::eth0",
      wanted: {
        client: "10.0.0.2",
        gateway: "10.0.0.1",
        netmask: "255.255.255.0",
        device: "eth0",
        autoconf: "off",
      },
    },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseKernelIp, text)).toMatchObject({
      value: { ...UNSET, ...wanted },
      problems: [],
    });
  });

  it.each([
    { text: "dhpc", message: '"dhpc" is no way to get an address' },
    { text: "eth0:dhcp", message: '"eth0:dhcp" is not the kernel\'s syntax' },
    { text: "10.0.0.300::", message: '"10.0.0.300" is not an IPv4 address' },
    { text: "10.0.0.2:::24", message: '"24" is not a netmask' },
    { text: "10.0.0.2:::255.0.255.0", message: '"255.0.255.0" is not a netmask' },
    { text: "::::::off", message: '"::::::off" gives no address and turns DHCP off' },
    { text: "a:b:c:d:e:f:g:h:i:j:k", message: '"a:b:c:d:e:f:g:h:i:j:k" has more than 10 fields' },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseKernelIp, text)).toMatchObject({ value: undefined, errors: [message] });
  });

  it("warns of protocols from before DHCP", () => {
    expect(parseValue(parseKernelIp, "bootp")).toMatchObject({
      value: { autoconf: "dhcp" },
      warnings: ['"bootp" is done by DHCP here'],
    });
  });

  it("says how to name a device", () => {
    expect(parseLine("ip=eth0:dhcp").problems[0]?.hint).toBe("write ip=:::::eth0:dhcp");
  });
});
