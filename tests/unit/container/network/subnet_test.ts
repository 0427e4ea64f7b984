import { describe, expect, it } from "vitest";
import {
  chooseAddress,
  chooseSubnet,
  isOverlap,
  parseAddress,
  renderAddress,
  renderSubnet,
  type Subnet,
} from "../../../../agent/container/network/subnet.ts";

const net = (text: string): Subnet => {
  const [address = "", prefix] = text.split("/");
  return { base: parseAddress(address), prefix: Number(prefix) };
};

describe("chooseSubnet", () => {
  it.each([
    { taken: [], wanted: "10.88.0.0/16" },
    { taken: ["10.0.2.0/24", "192.168.0.0/16"], wanted: "10.88.0.0/16" },
    { taken: ["10.88.7.0/24"], wanted: "10.89.0.0/16" },
    { taken: ["10.88.0.53/32", "10.89.0.0/17"], wanted: "10.90.0.0/16" },
    { taken: ["10.0.0.0/8"], wanted: "172.31.0.0/16" },
    { taken: ["10.0.0.0/8", "172.16.0.0/12"], wanted: "192.168.255.0/24" },
    { taken: ["128.0.0.0/1", "10.0.0.0/8"], wanted: undefined },
  ])("beside $taken", ({ taken, wanted }) => {
    const chosen = chooseSubnet(taken.map(net));
    expect(chosen && renderSubnet(chosen)).toBe(wanted);
  });
});

describe("isOverlap", () => {
  it.each([
    { a: "10.88.0.0/16", b: "10.88.255.255/32", wanted: true },
    { a: "10.88.0.0/16", b: "10.89.0.0/16", wanted: false },
    { a: "10.88.0.0/16", b: "10.88.0.0/13", wanted: true },
    { a: "255.255.255.0/24", b: "127.0.0.0/8", wanted: false },
  ])("$a and $b: $wanted", ({ a, b, wanted }) => {
    expect(isOverlap(net(a), net(b))).toBe(wanted);
    expect(isOverlap(net(b), net(a))).toBe(wanted);
  });
});

describe("chooseAddress", () => {
  const small = net("192.168.255.0/29");
  const address = (used: readonly string[], last?: string) => {
    const chosen = chooseAddress(
      small,
      new Set(used.map(parseAddress)),
      last === undefined ? undefined : parseAddress(last),
    );
    return chosen && renderAddress(chosen);
  };

  it.each([
    { about: "begins after the bridge", used: [], last: undefined, wanted: "192.168.255.2" },
    { about: "goes on", used: [], last: "192.168.255.3", wanted: "192.168.255.4" },
    { about: "begins again", used: [], last: "192.168.255.6", wanted: "192.168.255.2" },
    {
      about: "steps over those in use",
      used: ["192.168.255.2", "192.168.255.3"],
      last: "192.168.255.6",
      wanted: "192.168.255.4",
    },
    { about: "forgets another network", used: [], last: "10.88.0.9", wanted: "192.168.255.2" },
    {
      about: "ends",
      used: [2, 3, 4, 5, 6].map((last) => `192.168.255.${last}`),
      last: "192.168.255.6",
      wanted: undefined,
    },
  ])("$about", ({ used, last, wanted }) => expect(address(used, last)).toBe(wanted));
});
