/** Pipelines of containers in the real crun, with and without a terminal. Root. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContainerRuns, openContainerRuns } from "../support/container_runs.ts";

let runs: ContainerRuns;
beforeAll(async () => {
  runs = await openContainerRuns();
});
afterAll(async () => await runs[Symbol.asyncDispose]());

describe("a container with a terminal", () => {
  it("can be typed to, and gives the terminal back", async () => {
    const { output, status } = await runs.run({
      containers: [
        { options: { tty: true, interactive: true }, command: ["sh"] },
        { command: ["sh", "-c", "echo after"] },
      ],
      typing: [["# ", "tty; echo $TERM; exit 7\r"]],
    });
    expect(output).toContain("/dev/pts/0\r\nxterm\r\n");
    expect(output).toContain("after\r\n");
    expect(status).toBe(7);
  });

  it("gets Ctrl-C itself", async () => {
    const { status } = await runs.run({
      containers: [{
        options: { tty: true, interactive: true },
        command: ["sh", "-c", "trap 'exit 9' INT; echo ready; while :; do sleep 1; done"],
      }],
      typing: [["ready", "\x03"]],
    });
    expect(status).toBe(9);
  });
});

describe("the pipeline", () => {
  it("runs containers in order, tells each of those before, and post containers too", async () => {
    const show = ["sh", "-c", "echo $B2C_PIPELINE_STATUS:$B2C_PIPELINE_FAILED_BY"];
    const { output, status } = await runs.run({
      containers: [{ command: show }, { command: ["sh", "-c", "exit 5"] }, { command: show }],
      postContainers: [{ command: show }],
    });
    expect(output).toBe("0:\n5:container2\n5:container2\n");
    expect(status).toBe(5);
  });

  it("knows a container that called reboot(2)", async () => {
    expect(await runs.runScript("reboot -f")).toMatchObject({ status: 129, mode: "reboot" });
    expect(await runs.runScript("poweroff -f")).toMatchObject({ status: 130, mode: "poweroff" });
  });

  it("asks the running container to end when it is interrupted", async () => {
    const script = "trap 'echo bye; exit 4' TERM; echo ready; while :; do sleep 0.1; done";
    const result = await runs.runScript(script, {}, {
      onOutput: (text, kill) => {
        if (text === "ready\n") kill("SIGTERM");
      },
      postContainers: [{ command: ["echo", "never"] }],
    });
    expect(result).toMatchObject({ output: "ready\nbye\n", status: 4 });
  });

  it("runs services beside, under their names, and stops them in order", async () => {
    const service = "trap 'echo bye; exit 0' TERM; echo up; touch /shared/up; " +
      "while :; do sleep 0.1; done";
    const shared = `${runs.scratch}/service`;
    await Deno.mkdir(shared);
    const mounts = [{ kind: "bind", source: shared, target: "/shared", options: [] }] as const;
    const wait = "while ! [ -e /shared/up ]; do sleep 0.1; done; echo seen";
    const { output, status, events } = await runs.run({
      services: [{ command: ["sh", "-c", service], options: { name: "telemetry", mounts } }],
      containers: [{ command: ["sh", "-c", wait], options: { mounts } }],
    });
    expect({ output, status }).toEqual({ output: "seen\n", status: 0 });
    expect(events).toContain("line telemetry: up");
    expect(events.slice(-3)).toEqual(
      ["stopping-services", "line telemetry: bye", "ended service1 0"],
    );
  });

  it("starts a service again as its policy says", async () => {
    const shared = `${runs.scratch}/restarts`;
    await Deno.mkdir(shared);
    const mounts = [{ kind: "bind", source: shared, target: "/shared", options: [] }] as const;
    const service = "echo x >> /shared/starts; [ $(grep -c x /shared/starts) = 3 ] && " +
      "touch /shared/enough && sleep 600; exit 1";
    const wait = "while ! [ -e /shared/enough ]; do sleep 0.1; done";
    const restart = { kind: "on-failure", retries: undefined } as const;
    const { status, events } = await runs.run({
      services: [{
        command: ["sh", "-c", service],
        options: { mounts, restart, stopTimeout: 0, init: true },
      }],
      containers: [{ command: ["sh", "-c", wait], options: { mounts } }],
    });
    expect(status).toBe(0);
    expect(events.filter((event) => event === "ended service1 1 restarts")).toHaveLength(2);
  });

  it("runs nothing beside a service that cannot start", async () => {
    const { status, failedBy, output } = await runs.run({
      services: [{ command: ["nosuch"] }],
      containers: [{ command: ["echo", "never"] }],
    });
    expect({ status, failedBy, output }).toEqual({ status: 127, failedBy: "service1", output: "" });
  });

  it("does not grow when a service floods the console", async () => {
    const { status, events } = await runs.run({
      services: [{
        command: ["sh", "-c", "yes | head -c 200000; echo end; sleep 600"],
        options: { stopTimeout: 0 },
      }],
      containers: [{ command: ["sleep", "1"] }],
    });
    expect(status).toBe(0);
    expect(events.filter((event) => event === "line image: y").length).toBe(100_000);
  });
});
