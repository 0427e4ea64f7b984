import { describe, expect, it } from "vitest";
import type { Lease } from "../../../agent/net/lease.ts";
import { planLease, renderResolvConf } from "../../../agent/net/plan.ts";

const LEASE: Lease = {
  link: "eth0",
  address: "10.0.2.15",
  prefix: 24,
  routers: ["10.0.2.2"],
  nameServers: ["10.0.2.3"],
  searchDomains: [],
  timeServers: [],
  mtu: undefined,
};

describe("planLease", () => {
  it("sets the address, then the default route", () => {
    expect(planLease(LEASE).ipCommands).toEqual([
      ["addr", "replace", "10.0.2.15/24", "broadcast", "+", "dev", "eth0"],
      ["route", "replace", "default", "via", "10.0.2.2", "dev", "eth0"],
    ]);
  });

  it("reaches a router outside of the network by a route of its own", () => {
    expect(planLease({ ...LEASE, prefix: 32, routers: ["10.9.9.1"] }).ipCommands.slice(1)).toEqual([
      ["route", "replace", "10.9.9.1/32", "dev", "eth0"],
      ["route", "replace", "default", "via", "10.9.9.1", "dev", "eth0"],
    ]);
  });

  it("works without a router and sets the MTU first", () => {
    expect(planLease({ ...LEASE, routers: [], mtu: 1400 }).ipCommands).toEqual([
      ["link", "set", "dev", "eth0", "mtu", "1400"],
      ["addr", "replace", "10.0.2.15/24", "broadcast", "+", "dev", "eth0"],
    ]);
  });
});

describe("renderResolvConf", () => {
  it("names at most three servers", () => {
    const text = renderResolvConf({
      nameServers: ["1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"],
      searchDomains: ["lab.example", "example"],
    });
    expect(text).toBe(
      "search lab.example example\nnameserver 1.1.1.1\nnameserver 2.2.2.2\nnameserver 3.3.3.3\n",
    );
  });
});
