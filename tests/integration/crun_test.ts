/** Containers in the real crun, from layers to exit status. Root. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realSpawn } from "../../agent/sys/spawn.ts";
import {
  type ContainerRuns,
  exists,
  openContainerRuns,
  writeFiles,
} from "../support/container_runs.ts";

let runs: ContainerRuns;
beforeAll(async () => {
  runs = await openContainerRuns();
});
afterAll(async () => await runs[Symbol.asyncDispose]());

describe("a container", () => {
  it("writes to the console and ends with its status", async () => {
    const { output, status, failedBy } = await runs.runScript("echo out; echo err >&2; exit 3");
    expect(output).toBe("out\n");
    expect({ status, failedBy }).toEqual({ status: 3, failedBy: "container1" });
  });

  it("has what its image says", async () => {
    const { output } = await runs.run({
      image: {
        Entrypoint: ["sh", "-c"],
        Cmd: ["pwd; id; echo $A; stat -c %u:%a ."],
        Env: ["A=image"],
        WorkingDir: "/not/there/yet",
        User: "user",
      },
      containers: [{}],
    });
    expect(output).toBe(
      "/not/there/yet\nuid=1000(user) gid=1000(user) groups=29(audio),1000(user)\nimage\n0:755\n",
    );
  });

  it("has host names, name servers and a mark", async () => {
    const { output } = await runs.runScript(
      "cat /etc/hostname /etc/hosts; ls /run/.containerenv; grep -c . /etc/resolv.conf; umask",
      { hostname: "box", umask: 0o077, dns: ["192.0.2.1"] },
    );
    expect(output).toContain("box\n127.0.0.1\tlocalhost\n");
    expect(output).toContain("127.0.1.1\tbox\n/run/.containerenv\n");
    expect(output).toMatch(/\n0077\n$/);
  });

  it("leaves its layers as they are", async () => {
    const upper = `${runs.scratch}/upper-layer`;
    await writeFiles(upper, { "etc/motd": "upper\n" });
    const script = "cat /etc/motd; echo changed > /etc/motd; cat /etc/motd; echo > /new";
    const { output } = await runs.runScript(script, {}, { layers: [runs.base, upper] });
    expect(output).toBe("upper\nchanged\n");
    expect(await Deno.readTextFile(`${upper}/etc/motd`)).toBe("upper\n");
    expect(exists(`${runs.base}/new`)).toBe(false);
  });

  it("can have 127 layers, whatever their folders are called", async () => {
    const layers = [runs.base];
    for (let number = 1; number < 127; number++) {
      const folder =
        `${runs.scratch}/layers/a long name, with: signs=that options do not like ${number}`;
      await writeFiles(folder, { top: `${number}\n`, [`files/${number}`]: "" });
      layers.push(folder);
    }
    const { output } = await runs.runScript("cat /top; ls /files | grep -c .", {}, { layers });
    expect(output).toBe("126\n126\n");
  });

  it("finds its command, or says with podman's status why not", async () => {
    const missing = await runs.run({ containers: [{ command: ["nosuch"] }] });
    expect(missing.status).toBe(127);
    expect(missing.events).toContain(
      "failed container1: Cannot run nosuch: not found in the image",
    );
    expect((await runs.run({ containers: [{ command: ["/etc/noexec"] }] })).status).toBe(126);
    const bind = { kind: "bind", source: "/no/such/folder", target: "/x", options: [] } as const;
    const unbound = await runs.runScript("true", { mounts: [bind] });
    expect(unbound.status).toBe(125);
    expect(unbound.events.join("\n"))
      .toContain("Cannot mount /no/such/folder at /x: no such file");
  });

  it("runs with an init in front", async () => {
    expect((await runs.runScript("echo $$", { init: true })).output).not.toBe("1\n");
  });

  it("is ended by its limit", async () => {
    expect((await runs.runScript("sleep 600", { timeout: 1 })).status).toBe(128 + 9);
  });

  it("can be told to use more of the machine, or less", async () => {
    const { output } = await runs.runScript(
      "ls /sys/class/net; ulimit -n; grep NoNewPrivs /proc/1/status",
      {
        network: { kind: "none" },
        noNewPrivileges: true,
        ulimits: [{ name: "nofile", soft: 12, hard: 20 }],
      },
    );
    expect(output).toBe("lo\n12\nNoNewPrivs:\t1\n");
  });
});

describe("a container's files", () => {
  it("are looked up in its own root, whatever its links say", async () => {
    const layer = `${runs.scratch}/linked-passwd`;
    await Deno.mkdir(`${layer}/etc`, { recursive: true });
    await Deno.symlink("/../../../shadowed/passwd", `${layer}/etc/passwd`);
    await writeFiles(layer, { "shadowed/passwd": "insider:x:77:78::/in:/bin/sh\n" });
    const { output } = await runs.runScript("id -u; echo $HOME", { user: "insider" }, {
      layers: [runs.base, layer],
    });
    expect(output).toBe("77\n/in\n");
  });

  it("do not hang the agent when they are pipes", async () => {
    const layer = `${runs.scratch}/piped-passwd`;
    await Deno.mkdir(`${layer}/etc`, { recursive: true });
    await realSpawn.run(["mkfifo", `${layer}/etc/passwd`]);
    const { status, events } = await runs.runScript("true", {}, { layers: [runs.base, layer] });
    expect(status).toBe(125);
    expect(events.join("\n")).toContain("/etc/passwd of the image: it is no regular file");
  });

  it("may not make /dev a link", async () => {
    const layer = `${runs.scratch}/linked-dev`;
    await Deno.mkdir(layer);
    await Deno.symlink("/etc", `${layer}/dev`);
    const { status, events } = await runs.runScript("true", {}, { layers: [runs.base, layer] });
    expect(status).toBe(125);
    expect(events.join("\n")).toContain("its /dev is a symbolic link");
  });

  it("fill empty volumes, and stay there", async () => {
    const named = `${runs.scratch}/volume`;
    await Deno.mkdir(named);
    const script = "cat /data/from-image; echo new > /data/new; cat /v/from-image";
    const { output } = await runs.run({
      image: { Volumes: { "/v": {} } },
      // The second layer's place for the anonymous volume.
      layers: [runs.base, await linkedVolume()],
      volumes: { job: named },
      containers: [{
        command: ["sh", "-c", script],
        options: { mounts: [{ kind: "volume", name: "job", target: "/data", options: [] }] },
      }],
    });
    expect(output).toBe("content\nanonymous\n");
    expect([...Deno.readDirSync(named)].map(({ name }) => name).sort())
      .toEqual(["from-image", "new"]);
    expect(exists(`${runs.base}/data/new`)).toBe(false);
  });

  async function linkedVolume(): Promise<string> {
    const layer = `${runs.scratch}/volume-layer`;
    await writeFiles(layer, { "v/from-image": "anonymous\n" });
    return layer;
  }

  it("are kept in a volume that only its name describes", async () => {
    const mounts = [{ kind: "volume", name: "plain", target: "/v", options: [] }] as const;
    const { output } = await runs.run({
      containers: [
        { command: ["sh", "-c", "echo kept > /v/file"], options: { mounts } },
        { command: ["cat", "/v/file"], options: { mounts } },
      ],
    });
    expect(output).toBe("kept\n");
  });

  it("and the machine's are told apart in binds", async () => {
    const shared = `${runs.scratch}/shared`;
    await writeFiles(shared, { file: "machine\n" });
    const bind = { kind: "bind", source: shared, target: "/b" } as const;
    const writing = await runs.runScript("cat /b/file; echo x > /b/made", {
      mounts: [{ ...bind, options: [] }],
    });
    expect(writing).toMatchObject({ output: "machine\n", status: 0 });
    expect(await Deno.readTextFile(`${shared}/made`)).toBe("x\n");
    const reading = await runs.runScript("echo x > /b/more", {
      mounts: [{ ...bind, options: ["ro"] }],
    });
    expect(reading.status).toBe(1);
  });

  it("cannot be changed when the root is read-only", async () => {
    const { output, status } = await runs.runScript("echo x > /run/x && cat /run/x; echo x > /x", {
      readOnly: true,
    });
    expect({ output, status }).toEqual({ output: "x\n", status: 1 });
  });
});
