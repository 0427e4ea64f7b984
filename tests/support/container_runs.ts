/** Runs containers for tests: the agent's own code and the real crun, in a process of its own. */
import { expect } from "vitest";
import { parseMounts } from "../../agent/sys/mounts.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { ensureHostPackages } from "../../initramfs/host/packages.ts";
import { unpackPackage } from "../../initramfs/host/unpack_package.ts";
import type { ProgramCase, ProgramResult } from "./container_program.ts";

export interface ContainerRun extends ProgramResult {
  /** What was on the console. */
  readonly output: string;
}

export interface RunSources extends Partial<ProgramCase> {
  /** Called with the console so far. */
  readonly onOutput?: (text: string, kill: (signal: Deno.Signal) => void) => void;
  /** The network namespace that is the machine's, as a path; none: this machine's own. */
  readonly machineNetwork?: string;
  /** Lines to type, each after the text that it answers. */
  readonly typing?: readonly (readonly [after: string, keys: string])[];
}

/** What the tests of one file share. Dispose it: no mount may be left. */
export interface ContainerRuns extends AsyncDisposable {
  /** For whatever a test needs; goes when it is disposed. */
  readonly scratch: string;
  /** A layer with busybox, a few of its names, and users. */
  readonly base: string;
  /** Runs a case; nothing of it may be left in its folder. Layers: the base alone. */
  run(sources: RunSources): Promise<ContainerRun>;
  /** Runs one container with a shell script. */
  runScript(
    script: string,
    options?: NonNullable<ProgramCase["containers"]>[number]["options"],
    more?: RunSources,
  ): Promise<ContainerRun>;
}

const PROGRAM = new URL("container_program.ts", import.meta.url).pathname;
// Where the demo has it, so that it is downloaded once.
const BUSYBOX = new URL("../../out/images/busybox-static", import.meta.url).pathname;
const RUN_LIMIT_MS = 30_000;
const PACKAGES = ["crun", "golang-github-containers-common", "catatonit"];

/** Installs what is missing on this machine, and makes the base layer in memory. */
export async function openContainerRuns(): Promise<ContainerRuns> {
  await ensureHostPackages(PACKAGES);
  const scratch = await Deno.makeTempDir({ prefix: "container-test-", dir: "/dev/shm" });
  await unpackPackage("busybox-static", BUSYBOX);
  const base = await makeBase(scratch);
  let runs = 0;
  const run = (sources: RunSources) => runCase(`${scratch}/run-${runs++}`, base, sources);
  return {
    scratch,
    base,
    run,
    runScript: (script, options = {}, more = {}) =>
      run({ containers: [{ options, command: ["sh", "-c", script] }], ...more }),
    async [Symbol.asyncDispose]() {
      const left = parseMounts(await Deno.readTextFile("/proc/self/mounts"))
        .filter(({ target }) => target.startsWith(scratch));
      expect(left).toEqual([]);
      await Deno.remove(scratch, { recursive: true });
    },
  };
}

async function makeBase(scratch: string): Promise<string> {
  const folder = `${scratch}/base`;
  await Deno.mkdir(`${folder}/bin`, { recursive: true });
  const [program] = ["usr/bin", "bin"].map((name) => `${BUSYBOX}/${name}/busybox`)
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

/** Writes files, and the folders that they lie in. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = `${folder}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
}

/** True when there is something by that name, be it a link that leads nowhere. */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

async function runCase(
  folder: string,
  base: string,
  { onOutput, typing, machineNetwork, ...work }: RunSources,
): Promise<ContainerRun> {
  const file = `${folder}.json`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(file, JSON.stringify({ layers: [base], ...work, folder }));
  const argv = [
    ...(machineNetwork === undefined ? [] : ["nsenter", `--net=${machineNetwork}`]),
    ...["unshare", "--mount", Deno.execPath(), "run", "-A", "--no-lock", PROGRAM, file],
  ];
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
