import { describe, expect, it } from "vitest";
import { parseDhcpEvent, parseLease } from "../../../agent/net/lease.ts";

const event = (variables: Record<string, string>) =>
  parseDhcpEvent(Object.entries(variables).map(([name, value]) => `${name}=${value}`));

const QEMU = {
  EVENT: "bound",
  interface: "eth0",
  ip: "10.0.2.15",
  mask: "24",
  subnet: "255.255.255.0",
  router: "10.0.2.2",
  dns: "10.0.2.3",
};

describe("parseDhcpEvent", () => {
  it("keeps everything after the first equals sign", () => {
    const parsed = parseDhcpEvent(["EVENT=bound", "message=a=b", "junk", "=x"]);
    expect(parsed.kind).toBe("bound");
    expect([...parsed.variables]).toEqual([["EVENT", "bound"], ["message", "a=b"]]);
  });
});

describe("parseLease", () => {
  it("reads an ordinary lease", () => {
    expect(parseLease(event(QEMU))).toEqual({
      link: "eth0",
      address: "10.0.2.15",
      prefix: 24,
      routers: ["10.0.2.2"],
      nameServers: ["10.0.2.3"],
      searchDomains: [],
      timeServers: [],
      mtu: undefined,
    });
  });

  it("takes the prefix from the netmask when there is no bit count", () => {
    const { mask: _, ...withoutMask } = QEMU;
    expect(parseLease(event({ ...withoutMask, subnet: "255.255.252.0" }))?.prefix).toBe(22);
    expect(parseLease(event({ ...withoutMask, subnet: "255.0.255.0" }))?.prefix).toBe(24);
  });

  it("drops what is no address, wherever the server put it", () => {
    const lease = parseLease(event({
      ...QEMU,
      router: "10.0.2.2 evil;reboot 999.1.1.1 10.0.2.1",
      dns: "10.0.2.3\nnameserver 6.6.6.6",
      ntpsrv: "time.example 10.0.0.1",
    }));
    expect(lease?.routers).toEqual(["10.0.2.2", "10.0.2.1"]);
    expect(lease?.nameServers).toEqual(["10.0.2.3", "6.6.6.6"]);
    expect(lease?.timeServers).toEqual(["10.0.0.1"]);
  });

  it.each([
    { mtu: "1400", wanted: 1400 },
    { mtu: "575", wanted: undefined },
    { mtu: "1500.5", wanted: undefined },
    { mtu: "70000", wanted: undefined },
    { mtu: "nonsense", wanted: undefined },
  ])("reads mtu $mtu as $wanted", ({ mtu, wanted }) => {
    expect(parseLease(event({ ...QEMU, mtu }))?.mtu).toBe(wanted);
  });

  it("prefers the search list to the domain and refuses what would break resolv.conf", () => {
    expect(parseLease(event({ ...QEMU, domain: "lab.example" }))?.searchDomains)
      .toEqual(["lab.example"]);
    expect(
      parseLease(event({ ...QEMU, domain: "a", search: "b.example c.example -x" }))
        ?.searchDomains,
    ).toEqual(["b.example", "c.example"]);
  });

  it.each(["0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255"].map((ip) => ({ ip })))(
    "takes $ip for no host",
    ({ ip }) => {
      expect(parseLease(event({ ...QEMU, ip }))).toBeUndefined();
      expect(parseLease(event({ ...QEMU, router: ip }))?.routers).toEqual([]);
    },
  );

  it("is undefined without an address", () => {
    expect(parseLease(event({ EVENT: "bound", interface: "eth0" }))).toBeUndefined();
    expect(parseLease(event({ ...QEMU, ip: "10.0.2.256" }))).toBeUndefined();
  });
});
