import { describe, expect, it } from "vitest";
import { parsePublish } from "../../../agent/config/publish_option.ts";
import { parseLine, parseRun, parseValue } from "../../support/parse_value.ts";

describe("options about namespaces", () => {
  it.each([
    { text: "--dns=none", wanted: { dns: "none" } },
    {
      text: "--dns 10.0.0.1,10.0.0.2 --dns=[::1]",
      wanted: { dns: ["10.0.0.1", "10.0.0.2", "::1"] },
    },
    { text: "--pid=host", wanted: { pid: "host" } },
    { text: "--pid=", wanted: { pid: "private" } },
    {
      text: "--ipc=shareable --uts=host --cgroupns host",
      wanted: { ipc: "shareable", uts: "host", cgroupns: "host" },
    },
    { text: "--network=bridge", wanted: { network: { kind: "bridge" } } },
  ])("$text", ({ text, wanted }) => {
    const { value, problems } = parseRun(`${text} img`);
    expect(problems).toEqual([]);
    expect(value?.options).toMatchObject(wanted);
  });

  it.each([
    { text: "--dns=dns.lab", message: '"dns.lab" is not an IP address' },
    { text: "--dns none --dns 1.1.1.1", message: "none cannot stand beside name servers" },
    { text: "--dns 1.1.1.1 --dns none", message: "none cannot stand beside name servers" },
    {
      text: "--pid=container:x",
      message: '"container:x" is refused: only the network can be shared between containers',
    },
    { text: "--ipc=hots", message: '"hots" is none of private, host, none, shareable' },
    {
      text: "--network=hots",
      message: '"hots" is refused: networks are host, none, bridge and container:NAME',
    },
    {
      text: "--network=slirp4netns",
      message: '"slirp4netns" is refused: networks are host, none, bridge and container:NAME',
    },
    {
      text: "--network=bridge:ip=10.0.0.1",
      message: '"bridge:ip=10.0.0.1" is refused: bridge takes no options here',
    },
    {
      text: "--network=container:",
      message:
        '"" cannot name a container: letters, digits, _ . - are allowed, the first a letter or digit',
    },
    { text: "--network=none --dns=1.1.1.1", message: "--dns cannot stand beside --network=none" },
    { text: "--hostname a --uts=host", message: "--hostname cannot stand beside --uts=host" },
  ])("refuses $text", ({ text, message }) => {
    expect(parseRun(`${text} img`)).toMatchObject({ value: undefined, errors: [message] });
  });

  it("joins the network of a service", () => {
    const line = 'b2c.run="--network=container:db img" b2c.service="--name db img"';
    expect(parseLine(line)).toMatchObject({
      problems: [],
      containers: [{ options: { network: { kind: "container", name: "db" } } }],
    });
  });
});

describe("--network=container", () => {
  it("cannot be the container itself", () => {
    const line = 'b2c.service="--name a --network=container:a img"';
    expect(parseLine(line).errors).toEqual(['"container:a" is this container itself']);
  });
});

describe("--publish", () => {
  it.each([
    { text: "8080:80", wanted: [[undefined, 8080, 80, "tcp"]] },
    { text: "8080:80/UDP", wanted: [[undefined, 8080, 80, "udp"]] },
    { text: "127.0.0.1:8080:80/tcp", wanted: [["127.0.0.1", 8080, 80, "tcp"]] },
    { text: "[::1]:53:53/udp", wanted: [["::1", 53, 53, "udp"]] },
    {
      text: "8000-8001:80-81",
      wanted: [[undefined, 8000, 80, "tcp"], [undefined, 8001, 81, "tcp"]],
    },
  ])("$text", ({ text, wanted }) => {
    const { value, problems } = parseValue(parsePublish, text);
    expect(problems).toEqual([]);
    expect(
      value?.map((port) => [
        port.hostAddress,
        port.hostPort,
        port.containerPort,
        port.protocol,
      ]),
    ).toEqual(wanted);
  });

  it.each([
    { text: "80", message: '"80" names no port of the machine: none is picked at random' },
    {
      text: "127.0.0.1::80",
      message: '"127.0.0.1::80" names no port of the machine: none is picked at random',
    },
    { text: "0:80", message: '"0:80" holds what is not a port' },
    { text: "65536:80", message: '"65536:80" holds what is not a port' },
    { text: "8080:80/sctp", message: '"8080:80/sctp" has a protocol that is neither tcp nor udp' },
    { text: "host:8080:80", message: '"host:8080:80" begins with what is not an IP address' },
    { text: "http:80", message: '"http:80" holds what is not a port' },
    {
      text: "1-3:80-81",
      message: '"1-3:80-81" has ranges of different lengths, or longer than 1024',
    },
    { text: "3-1:80-82", message: '"3-1:80-82" holds what is not a port' },
    {
      text: "1-9999:1-9999",
      message: '"1-9999:1-9999" has ranges of different lengths, or longer than 1024',
    },
    { text: "::::", message: '"::::" is not a port to publish' },
    { text: "", message: '"" is not a port to publish' },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parsePublish, text)).toMatchObject({ value: undefined, errors: [message] });
  });

  it("takes several between commas", () => {
    const { value } = parseRun("--network=bridge -p 1:1,2:2 -p 3:3 img");
    expect(value?.options.publish.map(({ hostPort }) => hostPort)).toEqual([1, 2, 3]);
  });

  const double = "port 80/tcp of the machine is published before as well";

  it.each([
    { about: "one container", line: 'b2c.run="--net=bridge -p 80:1,80:2 img"' },
    {
      about: "one address and all of them",
      line: 'b2c.run="--net=bridge -p 80:1 -p 127.0.0.1:80:2 img"',
    },
    {
      about: "a service and a container",
      line: 'b2c.run="--net=bridge -p 79-81:1-3 img" b2c.service="--net=bridge -p 80:1 img"',
    },
    {
      about: "two services",
      line: 'b2c.service="--net=bridge -p 80:1 img" b2c.service="--net=bridge -p 80:1 img"',
    },
  ])("refuses a port twice: $about", ({ line }) => {
    expect(parseLine(line).errors).toEqual([double]);
  });

  it.each([
    { about: "containers in turn", ports: ["80:1", "80:1"], role: "run_post" },
    { about: "two addresses", ports: ["127.0.0.1:80:1", "127.0.0.2:80:1"], role: "service" },
    { about: "two protocols", ports: ["80:1", "80:1/udp"], role: "service" },
  ])("takes a port twice: $about", ({ ports: [first, second], role }) => {
    const line = `b2c.run="--net=bridge -p ${first} img" b2c.${role}="--net=bridge -p ${second} i"`;
    expect(parseLine(line).problems).toEqual([]);
  });

  it("refuses what the bridge does not have", () => {
    expect(parseRun("--network=bridge -p [::1]:80:80 img").errors).toEqual([
      "::1 cannot lead to a container: their network has IPv4 only",
    ]);
  });

  it("has no effect on the machine's own network, and says so", () => {
    const { value, warnings } = parseRun("-p 8080:80 img");
    expect(value).toBeDefined();
    expect(warnings).toEqual(["--publish has no effect with --network=host"]);
  });
});
