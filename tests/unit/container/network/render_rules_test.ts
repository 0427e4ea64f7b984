import { describe, expect, it } from "vitest";
import {
  type PublishedPort,
  renderRules,
  renderRulesEnd,
} from "../../../../agent/container/network/render_rules.ts";

const port = (fields: Partial<PublishedPort>): PublishedPort => ({
  hostAddress: undefined,
  hostPort: 8080,
  containerPort: 80,
  protocol: "tcp",
  address: "10.88.0.2",
  ...fields,
});

function linesOf(ports: readonly PublishedPort[]): readonly string[] {
  return renderRules({ bridge: "b2c0", subnet: "10.88.0.0/16", ports }).split("\n")
    .map((line) => line.trim());
}

describe("renderRules", () => {
  it("takes the place of the rules before, in one go", () => {
    expect(linesOf([]).slice(0, 3)).toEqual([
      "add table ip b2c",
      "delete table ip b2c",
      "table ip b2c {",
    ]);
    expect(renderRulesEnd()).toBe("add table ip b2c\ndelete table ip b2c\n");
  });

  it("hides containers behind the machine", () => {
    expect(linesOf([])).toContain(
      "ip saddr 10.88.0.0/16 ip daddr != { 10.88.0.0/16, 224.0.0.0/4 } masquerade",
    );
  });

  it("keeps the machine's loopback from containers", () => {
    expect(linesOf([])).toContain('iifname "b2c0" ip daddr 127.0.0.0/8 drop');
  });

  it.each(
    [
      { fields: {}, wanted: "tcp dport 8080 dnat to 10.88.0.2:80" },
      { fields: { hostAddress: "0.0.0.0" }, wanted: "tcp dport 8080 dnat to 10.88.0.2:80" },
      {
        fields: { hostAddress: "127.0.0.1", protocol: "udp", containerPort: 53 },
        wanted: "ip daddr 127.0.0.1 udp dport 8080 dnat to 10.88.0.2:53",
      },
    ] as const,
  )("publishes: $wanted", ({ fields, wanted }) => {
    expect(linesOf([port(fields)])).toContain(wanted);
  });
});
