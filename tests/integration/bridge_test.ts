/** Containers on a bridge of a machine that is a network namespace of its own. Root. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openKernel } from "../../agent/sys/kernel.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { ensureHostPackages } from "../../initramfs/host/packages.ts";
import { type ContainerRuns, openContainerRuns } from "../support/container_runs.ts";

const MACHINE = `b2c-machine-${Deno.pid}`;
const OUTSIDE = `b2c-outside-${Deno.pid}`;

let runs: ContainerRuns;
let busybox: string;

beforeAll(async () => {
  await ensureHostPackages(["iproute2", "nftables"]);
  runs = await openContainerRuns();
  busybox = `${runs.base}/bin/busybox`;
  for (const name of [MACHINE, OUTSIDE]) {
    await realSpawn.run(["ip", "netns", "add", name]);
    await realSpawn.run(["ip", "-n", name, "link", "set", "lo", "up"]);
  }
  const ip = (text: string) => realSpawn.run(["ip", ...text.split(" ")]);
  await ip(`-n ${MACHINE} link add up0 type veth peer name up0 netns ${OUTSIDE}`);
  await ip(`-n ${MACHINE} address add 203.0.113.1/24 dev up0`);
  // Where podman's network would be.
  await ip(`-n ${MACHINE} address add 10.88.3.1/24 dev up0`);
  await ip(`-n ${OUTSIDE} address add 203.0.113.2/24 dev up0`);
  for (const name of [MACHINE, OUTSIDE]) await ip(`-n ${name} link set up0 up`);
  // A new namespace has what the host has.
  await ip(`netns exec ${MACHINE} ${busybox} sysctl -w net.ipv4.ip_forward=0`);
});

afterAll(async () => {
  for (const name of [MACHINE, OUTSIDE]) await realSpawn.run(["ip", "netns", "delete", name]);
  await runs[Symbol.asyncDispose]();
});

describe("containers on a bridge", () => {
  it("reach the outside and each other, and are reached", async () => {
    const pages = `${runs.scratch}/pages`;
    await Deno.mkdir(pages);
    await Deno.writeTextFile(`${pages}/index.html`, "from outside\n");
    const outside = (...argv: readonly string[]) => ["ip", "netns", "exec", OUTSIDE, ...argv];
    await using _server = realSpawn.start(
      outside(busybox, "httpd", "-f", "-p", "80", "-h", pages),
    );
    const poll =
      `until timeout 2 ${busybox} wget -q -O ${pages}/answer http://203.0.113.1:8080/ && ` +
      `mv ${pages}/answer ${pages}/done; do ${busybox} usleep 100000; done`;
    await using _client = realSpawn.start(outside("sh", "-c", poll));
    const wget = "busybox wget -q -O -";
    const { status, output, events } = await runs.run({
      machineNetwork: `/run/netns/${MACHINE}`,
      services: [{
        options: {
          name: "web",
          network: { kind: "bridge" },
          publish: [publish(8080, 80)],
          stopTimeout: 0,
        },
        command: ["sh", "-c", "echo from web > /index.html; exec busybox httpd -f -p 80 -h /"],
      }],
      containers: [
        {
          options: { network: { kind: "bridge" } },
          command: [
            "sh",
            "-c",
            `busybox ip -4 -o address show dev eth0 | grep -o '10[0-9./]* brd\\|10[0-9.]*/16';` +
            `${wget} http://203.0.113.2/; ${wget} http://web/; ` +
            // Through the machine's own address and back.
            `${wget} http://203.0.113.1:8080/; ` +
            `until ${wget} http://203.0.113.2/done 2>/dev/null; do busybox usleep 100000; done`,
          ],
        },
        {
          options: { network: { kind: "container", name: "web" } },
          command: ["sh", "-c", `${wget} http://127.0.0.1/`],
        },
        { command: ["sh", "-c", `${wget} http://127.0.0.1:8080/`] },
        { options: { network: { kind: "container", name: "nobody" } }, command: ["sh"] },
        {
          options: { network: { kind: "bridge" }, publish: [publish(8080, 80)] },
          command: ["sh"],
        },
      ],
    });
    expect(output, events.join("\n")).toBe(
      "10.89.0.3/16\nfrom outside\nfrom web\nfrom web\nfrom web\nfrom web\nfrom web\n",
    );
    expect(events.filter((event) => event.startsWith("failed")).map((text) => text.split("\n")[0]))
      .toEqual([
        "failed container4: Cannot join the network of nobody: no container of that name runs",
        "failed container5: Cannot publish port 8080/tcp: it is in use",
      ]);
    expect(status).toBe(125);
  });

  it("leave nothing behind", async () => {
    const inside = (...argv: readonly string[]) =>
      realSpawn.run(["ip", "netns", "exec", MACHINE, ...argv]);
    expect(await inside("nft", "list", "ruleset")).toBe("");
    const links = await inside("ip", "-brief", "link");
    expect(links.trim().split("\n").map((line) => line.split(/[ @]/)[0])).toEqual(["lo", "up0"]);
    expect(await inside("cat", "/proc/sys/net/ipv4/ip_forward")).toBe("0\n");
  });
});

describe("a port that is reserved", () => {
  it.each(["tcp", "udp"] as const)("is nobody else's until it is given back: %s", (protocol) => {
    const kernel = openKernel();
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const port = listener.addr.port;
    if (protocol === "tcp") {
      expect(() => kernel.reservePort({ address: "127.0.0.1", port, protocol }))
        .toThrow("EADDRINUSE");
    }
    listener.close();
    for (let round = 0; round < 2; round++) {
      using _first = kernel.reservePort({ address: "127.0.0.1", port, protocol });
      expect(() => kernel.reservePort({ address: "0.0.0.0", port, protocol }))
        .toThrow("EADDRINUSE");
    }
    expect(() => kernel.reservePort({ address: "203.0.113.9", port, protocol }))
      .toThrow("EADDRNOTAVAIL");
  });
});

function publish(hostPort: number, containerPort: number) {
  return { hostAddress: undefined, hostPort, containerPort, protocol: "tcp" } as const;
}
