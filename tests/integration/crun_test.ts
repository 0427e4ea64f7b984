/** Containers in the real crun, from layers to exit status. Root. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureHostPackages } from "../../initramfs/host/packages.ts";
import { unpackPackage } from "../../initramfs/host/unpack_package.ts";
import { parseMounts } from "../../agent/sys/mounts.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import type { ProgramCase, ProgramResult } from "../support/container_program.ts";

const PROGRAM = new URL("../support/container_program.ts", import.meta.url).pathname;
const RUN_LIMIT_MS = 30_000;

let scratch = "";
let base = "";

beforeAll(async () => {
  await ensureHostPackages(["crun", "golang-github-containers-common", "catatonit"]);
  scratch = await Deno.makeTempDir({ prefix: "crun-test-", dir: "/dev/shm" });
  await unpackPackage("busybox-static", `${scratch}/busybox`);
  base = await makeBase(`${scratch}/base`);
});

afterAll(async () => {
  const left = parseMounts(await Deno.readTextFile("/proc/self/mounts"))
    .filter(({ target }) => target.startsWith(scratch));
  expect(left).toEqual([]);
  await Deno.remove(scratch, { recursive: true });
});

/** A layer with busybox, a few of its names, and users. */
async function makeBase(folder: string): Promise<string> {
  await Deno.mkdir(`${folder}/bin`, { recursive: true });
  const [program] = ["usr/bin", "bin"].map((name) => `${scratch}/busybox/${name}/busybox`)
    .filter((path) => exists(path));
  await Deno.copyFile(program!, `${folder}/bin/busybox`);
  const applets = "cat chown dmesg echo env grep head id ls mkdir mknod mount poweroff pwd " +
    "reboot sh sleep stat stty sync touch tty ulimit umask yes";
  for (const name of applets.split(" ")) await Deno.symlink("busybox", `${folder}/bin/${name}`);
  await writeFiles(folder, {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n",
    "etc/group": "root:x:0:\nuser:x:1000:\naudio:x:29:user\n",
    "etc/noexec": "no program\n",
    "data/from-image": "content\n",
  });
  return folder;
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = `${folder}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

interface Run extends ProgramResult {
  /** What was on the console. */
  readonly output: string;
}

interface RunSources extends Partial<ProgramCase> {
  /** Called with the console so far. */
  readonly onOutput?: (text: string, kill: (signal: Deno.Signal) => void) => void;
  /** Lines to type, each after the text that it answers. */
  readonly typing?: readonly (readonly [after: string, keys: string])[];
}

let runs = 0;

/** Runs a case in a process of its own; nothing of it may be left in its folder. */
async function run({ onOutput, typing, ...work }: RunSources): Promise<Run> {
  const folder = `${scratch}/run-${runs++}`;
  const file = `${folder}.json`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(file, JSON.stringify({ layers: [base], ...work, folder }));
  const argv = ["unshare", "--mount", Deno.execPath(), "run", "-A", "--no-lock", PROGRAM, file];
  await using program = realSpawn.start(
    typing ? ["script", "--quiet", "--command", argv.join(" "), "/dev/null"] : argv,
    { stdin: typing ? "piped" : "null", stdout: "piped", stderr: "inherit" },
  );
  const timer = setTimeout(() => program.kill("SIGKILL"), RUN_LIMIT_MS);
  const keyboard = typing ? program.stdin.getWriter() : undefined;
  const pending = [...typing ?? []];
  let output = "";
  let answered = 0;
  for await (const text of program.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    onOutput?.(output, (signal) => program.kill(signal));
    const [after, keys] = pending[0] ?? [];
    if (after !== undefined && output.indexOf(after, answered) >= 0) {
      answered = output.length;
      pending.shift();
      await keyboard?.write(new TextEncoder().encode(keys));
    }
  }
  clearTimeout(timer);
  expect(await program.status, output).toBe(0);
  const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
  expect(left.filter((name) => name !== "volumes")).toEqual([]);
  const result: ProgramResult = JSON.parse(await Deno.readTextFile(`${file}.result`));
  return { ...result, output };
}

/** Runs one container with a shell script. */
function runScript(script: string, options = {}, more: RunSources = {}): Promise<Run> {
  return run({ containers: [{ options, command: ["sh", "-c", script] }], ...more });
}

describe("a container", () => {
  it("writes to the console and ends with its status", async () => {
    const { output, status, failedBy } = await runScript("echo out; echo err >&2; exit 3");
    expect(output).toBe("out\n");
    expect({ status, failedBy }).toEqual({ status: 3, failedBy: "container1" });
  });

  it("has what its image says", async () => {
    const { output } = await run({
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
    const { output } = await runScript(
      "cat /etc/hostname /etc/hosts; ls /run/.containerenv; grep -c . /etc/resolv.conf; umask",
      { hostname: "box", umask: 0o077, dns: ["192.0.2.1"] },
    );
    expect(output).toContain("box\n127.0.0.1\tlocalhost\n");
    expect(output).toContain("127.0.1.1\tbox\n/run/.containerenv\n");
    expect(output).toMatch(/\n0077\n$/);
  });

  it("leaves its layers as they are", async () => {
    const upper = `${scratch}/upper-layer`;
    await writeFiles(upper, { "etc/motd": "upper\n" });
    const script = "cat /etc/motd; echo changed > /etc/motd; cat /etc/motd; echo > /new";
    const { output } = await runScript(script, {}, { layers: [base, upper] });
    expect(output).toBe("upper\nchanged\n");
    expect(await Deno.readTextFile(`${upper}/etc/motd`)).toBe("upper\n");
    expect(exists(`${base}/new`)).toBe(false);
  });

  it("can have 127 layers, whatever their folders are called", async () => {
    const layers = [base];
    for (let number = 1; number < 127; number++) {
      const folder =
        `${scratch}/layers/a long name, with: signs=that options do not like ${number}`;
      await writeFiles(folder, { top: `${number}\n`, [`files/${number}`]: "" });
      layers.push(folder);
    }
    const { output } = await runScript("cat /top; ls /files | grep -c .", {}, { layers });
    expect(output).toBe("126\n126\n");
  });

  it("finds its command, or says with podman's status why not", async () => {
    const missing = await run({ containers: [{ command: ["nosuch"] }] });
    expect(missing.status).toBe(127);
    expect(missing.events).toContain(
      "failed container1: Cannot run nosuch: not found in the image",
    );
    expect((await run({ containers: [{ command: ["/etc/noexec"] }] })).status).toBe(126);
    const bind = { kind: "bind", source: "/no/such/folder", target: "/x", options: [] } as const;
    const unbound = await runScript("true", { mounts: [bind] });
    expect(unbound.status).toBe(125);
    expect(unbound.events.join("\n"))
      .toContain("Cannot mount /no/such/folder at /x: no such file");
  });

  it("runs with an init in front", async () => {
    expect((await runScript("echo $$", { init: true })).output).not.toBe("1\n");
  });

  it("is ended by its limit", async () => {
    expect((await runScript("sleep 600", { timeout: 1 })).status).toBe(128 + 9);
  });

  it("can be told to use more of the machine, or less", async () => {
    const { output } = await runScript(
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
    const layer = `${scratch}/linked-passwd`;
    await Deno.mkdir(`${layer}/etc`, { recursive: true });
    await Deno.symlink("/../../../shadowed/passwd", `${layer}/etc/passwd`);
    await writeFiles(layer, { "shadowed/passwd": "insider:x:77:78::/in:/bin/sh\n" });
    const { output } = await runScript("id -u; echo $HOME", { user: "insider" }, {
      layers: [base, layer],
    });
    expect(output).toBe("77\n/in\n");
  });

  it("do not hang the agent when they are pipes", async () => {
    const layer = `${scratch}/piped-passwd`;
    await Deno.mkdir(`${layer}/etc`, { recursive: true });
    await realSpawn.run(["mkfifo", `${layer}/etc/passwd`]);
    const { status, events } = await runScript("true", {}, { layers: [base, layer] });
    expect(status).toBe(125);
    expect(events.join("\n")).toContain("/etc/passwd of the image: it is no regular file");
  });

  it("may not make /dev a link", async () => {
    const layer = `${scratch}/linked-dev`;
    await Deno.mkdir(layer);
    await Deno.symlink("/etc", `${layer}/dev`);
    const { status, events } = await runScript("true", {}, { layers: [base, layer] });
    expect(status).toBe(125);
    expect(events.join("\n")).toContain("its /dev is a symbolic link");
  });

  it("fill empty volumes, and stay there", async () => {
    const named = `${scratch}/volume`;
    await Deno.mkdir(named);
    const script = "cat /data/from-image; echo new > /data/new; cat /v/from-image";
    const { output } = await run({
      image: { Volumes: { "/v": {} } },
      // The second layer's place for the anonymous volume.
      layers: [base, await linkedVolume()],
      volumes: { job: named },
      containers: [{
        command: ["sh", "-c", script],
        options: { mounts: [{ kind: "volume", name: "job", target: "/data", options: [] }] },
      }],
    });
    expect(output).toBe("content\nanonymous\n");
    expect([...Deno.readDirSync(named)].map(({ name }) => name).sort())
      .toEqual(["from-image", "new"]);
    expect(exists(`${base}/data/new`)).toBe(false);
  });

  async function linkedVolume(): Promise<string> {
    const layer = `${scratch}/volume-layer`;
    await writeFiles(layer, { "v/from-image": "anonymous\n" });
    return layer;
  }

  it("are kept in a volume that only its name describes", async () => {
    const mounts = [{ kind: "volume", name: "plain", target: "/v", options: [] }] as const;
    const { output } = await run({
      containers: [
        { command: ["sh", "-c", "echo kept > /v/file"], options: { mounts } },
        { command: ["cat", "/v/file"], options: { mounts } },
      ],
    });
    expect(output).toBe("kept\n");
  });

  it("and the machine's are told apart in binds", async () => {
    const shared = `${scratch}/shared`;
    await writeFiles(shared, { file: "machine\n" });
    const bind = { kind: "bind", source: shared, target: "/b" } as const;
    const writing = await runScript("cat /b/file; echo x > /b/made", {
      mounts: [{ ...bind, options: [] }],
    });
    expect(writing).toMatchObject({ output: "machine\n", status: 0 });
    expect(await Deno.readTextFile(`${shared}/made`)).toBe("x\n");
    const reading = await runScript("echo x > /b/more", { mounts: [{ ...bind, options: ["ro"] }] });
    expect(reading.status).toBe(1);
  });

  it("cannot be changed when the root is read-only", async () => {
    const { output, status } = await runScript("echo x > /run/x && cat /run/x; echo x > /x", {
      readOnly: true,
    });
    expect({ output, status }).toEqual({ output: "x\n", status: 1 });
  });
});

describe("a container that is not privileged", () => {
  // Each of these works in a privileged container: what stops it is what is tested.
  it.each([
    { about: "mount", script: "mount -t tmpfs none /bin" },
    { about: "make devices", script: "mknod /x b 254 0" },
    { about: "read what is masked", script: "grep -q . /proc/timer_list" },
    { about: "steer the kernel", script: "echo box > /proc/sys/kernel/hostname" },
    { about: "make cgroups", script: "mkdir /sys/fs/cgroup/x" },
    { about: "read the kernel's log", script: "dmesg" },
    { about: "see the machine's devices", script: "ls /dev | grep -qE '^(vd|sd|loop|mem|kmsg)'" },
    { about: "restart the machine", script: "reboot -f", privileged: 129 },
  ])("cannot $about", async ({ script, privileged = 0 }) => {
    const tell = `${script} >/dev/null 2>&1 || exit 77`;
    const confined = await runScript(
      tell,
      { privileged: false, network: { kind: "none" } },
      { withoutDeviceRules: true },
    );
    expect(confined.status).toBe(77);
    expect((await runScript(tell)).status).toBe(privileged);
  });

  it("has podman's capabilities and a filter", async () => {
    const { output } = await runScript(
      "grep -E '^(CapBnd|CapEff|CapInh|CapAmb|Seccomp):' /proc/self/status",
      { privileged: false, network: { kind: "none" } },
      { withoutDeviceRules: true },
    );
    expect(output).toBe(
      "CapInh:\t0000000000000000\nCapEff:\t00000000800405fb\nCapBnd:\t00000000800405fb\n" +
        "CapAmb:\t0000000000000000\nSeccomp:\t2\n",
    );
  });
});

describe("a container with a terminal", () => {
  it("can be typed to, and gives the terminal back", async () => {
    const { output, status } = await run({
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
    const { status } = await run({
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
    const { output, status } = await run({
      containers: [{ command: show }, { command: ["sh", "-c", "exit 5"] }, { command: show }],
      postContainers: [{ command: show }],
    });
    expect(output).toBe("0:\n5:container2\n5:container2\n");
    expect(status).toBe(5);
  });

  it("knows a container that called reboot(2)", async () => {
    expect(await runScript("reboot -f")).toMatchObject({ status: 129, mode: "reboot" });
    expect(await runScript("poweroff -f")).toMatchObject({ status: 130, mode: "poweroff" });
  });

  it("asks the running container to end when it is interrupted", async () => {
    const script = "trap 'echo bye; exit 4' TERM; echo ready; while :; do sleep 0.1; done";
    const result = await runScript(script, {}, {
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
    const shared = `${scratch}/service`;
    await Deno.mkdir(shared);
    const mounts = [{ kind: "bind", source: shared, target: "/shared", options: [] }] as const;
    const wait = "while ! [ -e /shared/up ]; do sleep 0.1; done; echo seen";
    const { output, status, events } = await run({
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
    const shared = `${scratch}/restarts`;
    await Deno.mkdir(shared);
    const mounts = [{ kind: "bind", source: shared, target: "/shared", options: [] }] as const;
    const service = "echo x >> /shared/starts; [ $(grep -c x /shared/starts) = 3 ] && " +
      "touch /shared/enough && sleep 600; exit 1";
    const wait = "while ! [ -e /shared/enough ]; do sleep 0.1; done";
    const restart = { kind: "on-failure", retries: undefined } as const;
    const { status, events } = await run({
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
    const { status, failedBy, output } = await run({
      services: [{ command: ["nosuch"] }],
      containers: [{ command: ["echo", "never"] }],
    });
    expect({ status, failedBy, output }).toEqual({ status: 127, failedBy: "service1", output: "" });
  });

  it("does not grow when a service floods the console", async () => {
    const { status, events } = await run({
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
