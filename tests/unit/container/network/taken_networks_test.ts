import { describe, expect, it } from "vitest";
import { chooseNetworkModules } from "../../../../agent/container/network/modules.ts";
import { renderSubnet } from "../../../../agent/container/network/subnet.ts";
import { parseTakenNetworks } from "../../../../agent/container/network/taken_networks.ts";
import { makeContainer } from "../../../support/container_case.ts";

const ROUTES = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0202000A\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth1\t0000580A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
`;

describe("parseTakenNetworks", () => {
  it("finds routes but the default one, and name servers", () => {
    const servers = "search lab\nnameserver 10.99.0.53\nnameserver fe80::1\n";
    expect(parseTakenNetworks(ROUTES, servers).map(renderSubnet)).toEqual([
      "10.0.2.0/24",
      "10.88.0.0/16",
      "10.99.0.53/32",
    ]);
  });

  it("finds nothing on a machine without a network", () => {
    expect(parseTakenNetworks("Iface\tDestination\n", "")).toEqual([]);
    expect(parseTakenNetworks("", "")).toEqual([]);
  });
});

describe("chooseNetworkModules", () => {
  const plan = (kind: "host" | "none" | "bridge") => ({
    services: [],
    containers: [makeContainer(), makeContainer({ network: { kind } })],
    postContainers: [],
  });

  it("loads nothing for the machine's network", () => {
    expect(chooseNetworkModules(plan("host"))).toEqual([]);
    expect(chooseNetworkModules(plan("none"))).toEqual([]);
    expect(chooseNetworkModules(plan("bridge"))).toContain("veth");
  });
});
