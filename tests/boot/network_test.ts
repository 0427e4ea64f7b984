import { expect } from "vitest";
import type { BootCase } from "../support/boot_case.ts";
import { describeBoots } from "../support/describe_boots.ts";

const DEMO = "-e QUIET=1 --tls-verify=false docker://REGISTRY/demo:latest";
const WEB_SERVER = "mkdir /www; echo from the we''b > /www/index.html; exec httpd -f -p 80 -h /www";
const SHOW_ADDRESS = "ip -4 -o addr show dev eth0 | grep -o 10.88.0.[0-9]*/16";

/** A port of the host's loopback that nobody has; QEMU takes it soon. */
function choosePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

const hostPort = choosePort();

const CASES: readonly BootCase[] = [
  {
    name: "containers on a bridge, beside it, and without a network",
    networks: [{ forwards: [{ hostPort, guestPort: 8080 }] }],
    append:
      `b2c.run_service="--name web --stop-timeout=1 --network=bridge -p 8080:80 ${DEMO} sh -c '${WEB_SERVER}'"`,
    runs: [
      // Out through the machine, whose resolv.conf it has; to a neighbour, by name and in a circle.
      `--network=bridge --name box ${DEMO} sh -c '${SHOW_ADDRESS}; ` +
      `wget -q -O - http://REGISTRY/v2/ && echo reached the reg''istry; ` +
      `grep nameserver /etc/resolv.conf; grep -c "$(hostname) box" /etc/hosts; ` +
      `wget -q -O - http://web/; wget -q -O - http://10.0.2.15:8080/'`,
      `${DEMO} sh -c 'wget -q -O - http://127.0.0.1:8080/; echo machine: $(ls /sys/class/net)'`,
      `--network=container:web ${DEMO} sh -c '${SHOW_ADDRESS}; ` +
      `wget -q -O - http://127.0.0.1/; grep -o "10.88.0.2.*web" /etc/hosts'`,
      `--network=none ${DEMO} sh -c 'echo none: $(ls /sys/class/net)'`,
      `--network=bridge --privileged=false -i ${DEMO} ` +
      `sh -c 'wget -q -O /dev/null http://REGISTRY/v2/ && echo out with no privi''lege; read x'`,
      `${DEMO} sh -c 'cat /proc/sys/net/ipv4/ip_forward'`,
    ],
    console: [
      "10.88.0.3/16",
      "reached the registry",
      "nameserver 10.0.2.3",
      /^1\r*$/m,
      "from the web",
      "from the web",
      "from the web",
      /machine: b2c0 eth0 lo veth/,
      "10.88.0.2/16",
      "from the web",
      /^10\.88\.0\.2\t[0-9a-f]{12} web\r*$/m,
      /none: lo\r*\n/,
      "out with no privilege",
      { act: expectPage },
      { type: "\n" },
      /^1\r*$/m,
      /Execution is over, pipeline status: 0\r*\n/,
    ],
    never: ["WARNING", "ERROR"],
    status: 0,
    timeout: 180,
  },
  {
    name: "a port that a program of the machine has",
    append: `b2c.run_service="--name web --stop-timeout=1 ${DEMO} sh -c '${WEB_SERVER}'"`,
    runs: [
      // Until the service listens.
      `${DEMO} sh -c 'until wget -q -O - http://127.0.0.1/; do sleep 1; done'`,
      `--network=bridge -p 80:8000 ${DEMO} echo does not run`,
      `--network=bridge ${DEMO} sh -c 'echo the next one: $(ls /sys/class/net)'`,
      `${DEMO} sh -c 'echo links: $(ls /sys/class/net), forwarding $(cat /proc/sys/net/ipv4/ip_forward)'`,
    ],
    console: [
      "from the web",
      "Cannot publish port 80/tcp: it is in use",
      /the next one: eth0 lo\r*\n/,
      // Nothing is left of the bridge.
      /links: eth0 lo, forwarding 0\r*\n/,
    ],
    status: 125,
    timeout: 180,
  },
];

describeBoots("network", CASES);

async function expectPage(): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${hostPort}/`, {
    signal: AbortSignal.timeout(20_000),
  });
  expect(await response.text()).toBe("from the web\n");
}
