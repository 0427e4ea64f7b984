import { describe, expect, it } from "vitest";
import { renderRuntimeError } from "../../../agent/container/container_error.ts";
import { forwardLines } from "../../../agent/container/forward_lines.ts";
import {
  renderContainerEnv,
  renderHosts,
  renderResolvConf,
} from "../../../agent/container/generated_files.ts";
import { planRestart } from "../../../agent/container/restart_policy.ts";

describe("renderRuntimeError", () => {
  it.each([
    {
      log: "executable file `nosuch` not found in $PATH: No such file or directory\n",
      status: 127,
      message: "Cannot run nosuch: not found in the image",
    },
    {
      log: "cannot find `` in $PATH: No such file or directory",
      status: 127,
      message: "Cannot run an empty command: not found in the image",
    },
    {
      log: "the path `/etc` is not a regular file: Operation not permitted\n",
      status: 126,
      message: "Cannot run the container's command: the path `/etc` is not a regular file: " +
        "Operation not permitted",
    },
    {
      log: "the path `/x` exists but it is not executable: Operation not permitted\n",
      status: 126,
      message: "Cannot run the container's command: the path `/x` exists but it is not " +
        "executable: Operation not permitted",
    },
    {
      log: "first\nmount `proc` to `proc`: Permission denied\n",
      status: 125,
      message: "Cannot start container: mount `proc` to `proc`: Permission denied",
    },
    { log: "\n", status: 125, message: "Cannot start container: no reason given" },
  ])("gives $status for $log", ({ log, status, message }) => {
    const error = renderRuntimeError(log);
    expect({ status: error.status, message: error.message }).toEqual({ status, message });
  });
});

describe("renderHosts", () => {
  it("names the machine and the container", () => {
    expect(renderHosts("box").split("\n")).toEqual([
      "127.0.0.1\tlocalhost",
      "::1\tlocalhost ip6-localhost ip6-loopback",
      "127.0.1.1\tbox",
      "",
    ]);
  });
});

describe("renderHosts on the bridge", () => {
  it("names the container by its own address", () => {
    const entries = [{ address: "10.88.0.2", names: ["1f2e", "db"] }];
    expect(renderHosts("1f2e", entries)).toContain("\n10.88.0.2\t1f2e db\n");
    expect(renderHosts("1f2e", entries)).not.toContain("127.0.1.1");
  });
});

describe("renderResolvConf", () => {
  const machine = "search lab\nnameserver 10.0.2.3\noptions ndots:2\n";
  const host = { kind: "host" } as const;

  it.each(
    [
      { about: "the machine's", dns: [], network: host, wanted: machine },
      {
        about: "other servers",
        dns: ["9.9.9.9", "1.1.1.1"],
        network: host,
        wanted: "search lab\noptions ndots:2\nnameserver 9.9.9.9\nnameserver 1.1.1.1\n",
      },
      { about: "the image's own", dns: "none", network: host, wanted: undefined },
      {
        about: "the image's own without a network",
        dns: [],
        network: { kind: "none" },
        wanted: undefined,
      },
    ] as const,
  )("is $about", ({ dns, network, wanted }) => {
    expect(renderResolvConf(machine, { dns, network })).toBe(wanted);
  });

  it("names no server that the bridge does not reach", () => {
    const all = `nameserver 127.0.0.53\nnameserver fe80::1%eth0\n${machine}`;
    expect(renderResolvConf(all, { dns: [], network: { kind: "bridge" } })).toBe(machine);
  });
});

describe("renderContainerEnv", () => {
  const identity = { id: "1f", name: 'a"b', image: "host/x:1", imageDigest: "sha256:2" };

  it("says who a privileged container is", () => {
    expect(renderContainerEnv(identity, true)).toBe(
      'engine="boot2container"\nname="a\\"b"\nid="1f"\nimage="host/x:1"\n' +
        'imageid="sha256:2"\nrootless=0\n',
    );
    expect(renderContainerEnv(identity, false)).toBe("");
  });
});

describe("planRestart", () => {
  const always = { kind: "always", retries: undefined } as const;
  const onFailure = { kind: "on-failure", retries: undefined } as const;

  it.each(
    [
      { policy: { kind: "no", retries: undefined }, exitCode: 1, restarts: 0, wanted: undefined },
      { policy: always, exitCode: 0, restarts: 0, wanted: 100 },
      { policy: always, exitCode: 1, restarts: 3, wanted: 800 },
      { policy: always, exitCode: 1, restarts: 5000, wanted: 60_000 },
      { policy: onFailure, exitCode: 0, restarts: 0, wanted: undefined },
      { policy: onFailure, exitCode: 1, restarts: 1, wanted: 200 },
      { policy: { ...onFailure, retries: 2 }, exitCode: 1, restarts: 1, wanted: 200 },
      { policy: { ...onFailure, retries: 2 }, exitCode: 1, restarts: 2, wanted: undefined },
    ] as const,
  )("$policy.kind, $exitCode, $restarts", ({ policy, exitCode, restarts, wanted }) => {
    expect(planRestart(policy, exitCode, restarts)).toBe(wanted);
  });
});

describe("forwardLines", () => {
  async function linesOf(...chunks: string[]): Promise<string[]> {
    const lines: string[] = [];
    const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
    await forwardLines(ReadableStream.from(bytes), (line) => lines.push(line));
    return lines;
  }

  it("joins pieces, and hands on what has no end", async () => {
    expect(await linesOf("a", "b\r\nc\n\n", "last")).toEqual(["ab", "c", "", "last"]);
    expect(await linesOf()).toEqual([]);
  });

  it("cuts a line that does not end", async () => {
    const lines = await linesOf("x".repeat(5000), "y".repeat(5000), "\nz\n");
    expect(lines.map(({ length }) => length)).toEqual([4096, 4096, 1808, 1]);
  });
});
