import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runPull } from "../../agent/commands/pull.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";
import { openSystem } from "../../agent/sys/system.ts";
import { makeCertificates } from "../../initramfs/host/certificates.ts";
import { makeImage, pushImage } from "../../initramfs/host/images.ts";
import { type RunningRegistry, startRegistry } from "../../initramfs/host/registry.ts";

const AUTH = { user: "me", password: "hunter2" };

let folder: string;
let ca: string;
let registry: RunningRegistry;
let plain: RunningRegistry;
let count = 0;

beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "registry-command-" });
  const certificates = await makeCertificates(folder);
  ca = certificates.ca;
  registry = await startRegistry({ auth: AUTH, tls: certificates });
  plain = await startRegistry();
  const layers = [{ kind: "files", files: { "etc/motd": "hello" } }] as const;
  const image = await makeImage(`${folder}/layout`, { layers, cmd: ["/bin/sh"] });
  await pushImage(image, registry, "a/b:1", { auth: AUTH, ca });
  await pushImage(image, plain, "a/b:1");
  await Deno.writeTextFile(
    `${folder}/auth.json`,
    JSON.stringify({ auths: { [registry.address]: { auth: btoa("me:hunter2") } } }),
  );
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await plain[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

/** Runs it with a store of its own, unless the arguments name one. */
async function run(argv: readonly string[], input = "") {
  let out = "";
  let err = "";
  const status = await runPull(openSystem(), argv, {
    print: (text) => void (out += text),
    notice: (text) => void (err += text),
    readInput: () => Promise.resolve(input),
  });
  return { status, out, err };
}

function newStore(): string {
  return `${folder}/store ${++count}`;
}

describe("agent pull", () => {
  it("prints one JSON object as the last line", async () => {
    const store = newStore();
    const { status, out, err } = await run([
      ...["--tls-verify=false", `docker://${plain.address}/a/b:1`, store],
    ]);
    expect([status, err]).toEqual([0, ""]);
    const result = JSON.parse(out.trimEnd().split("\n").at(-1) ?? "");
    expect(Object.keys(result)).toEqual(["digest", "config", "layers", "bytes", "cached", "ms"]);
    expect(result).toMatchObject({ cached: false, config: { config: { Cmd: ["/bin/sh"] } } });
    expect(await Deno.readTextFile(`${result.layers[0]}/etc/motd`)).toBe("hello");
    expect(result.layers[0].startsWith(`${store}/`)).toBe(true);
  });

  it.each([
    { name: "a password from stdin", argv: ["--user=me", "--password-stdin"], input: "hunter2\n" },
    { name: "an auth.json", argv: ["--authfile={folder}/auth.json"], input: "" },
  ])("logs in with $name, over a certificate of --ca", async ({ argv, input }) => {
    const login = argv.map((word) => word.replace("{folder}", folder));
    const { status, err } = await run(
      [...login, "--ca", ca, `${registry.address}/a/b:1`, newStore()],
      input,
    );
    expect([status, err]).toEqual([0, ""]);
  });

  it("takes --jobs, --pull and --platform", async () => {
    const store = newStore();
    const name = `${plain.address}/a/b:1`;
    const lax = ["--tls-verify=false", "--jobs=1"];
    expect((await run([...lax, "--pull=never", name, store])).status).toBe(1);
    expect((await run([...lax, name, store])).status).toBe(0);
    const { status, out } = await run([...lax, "--pull=never", name, store]);
    expect([status, JSON.parse(out).cached]).toEqual([0, true]);
    const other = await run([...lax, "--platform=plan9/amd64", name, store]);
    expect(other.status).toBe(1);
    expect(other.err).toContain("it is for linux/");
  });

  it.each([
    { argv: ["--ca={ca}", "{registry}/a/b:1"], says: "refuses access" },
    { argv: ["--user=me", "--password-stdin", "--ca={ca}", "{registry}/a/b:1"], says: "b2c.login" },
    { argv: ["{registry}/a/b:1"], says: "no trusted authority signed it" },
    { argv: ["--tls-verify=false", "{plain}/a/b:2"], says: "tags there: 1" },
    { argv: ["--ca=/does/not/exist", "{plain}/a/b:1"], says: "Cannot read /does/not/exist" },
    { argv: ["--authfile=/does/not/exist", "{plain}/a/b:1"], says: "Cannot read /does/not/exist" },
    { argv: ["Not/An/Image"], says: "Cannot use image Not/An/Image" },
  ])("ends with 1 and the reason: $says", async ({ argv, says }) => {
    const words = argv.map((word) =>
      word.replace("{ca}", ca).replace("{registry}", registry.address)
        .replace("{plain}", plain.address)
    );
    const { status, out, err } = await run([...words, newStore()], "wrong");
    expect([status, out]).toEqual([1, ""]);
    expect(err).toContain(says);
    expect(err).not.toContain("wrong\n");
  });

  it("ends with 2 when it is called wrongly", async () => {
    const { status, out, err } = await run(["--no-such-option", "x", "y"]);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain("--no-such-option is no option");
  });

  it("says how it is called", async () => {
    const { status, out } = await run(["--help"]);
    expect(status).toBe(0);
    expect(out).toContain("usage: agent pull");
  });

  it("is a subcommand of the agent", async () => {
    const agent = [Deno.execPath(), "run", "-A", "agent/main.ts"];
    const out = await realSpawn.run([
      ...[...agent, "pull", "--tls-verify=false", `${plain.address}/a/b:1`, newStore()],
    ]);
    expect(JSON.parse(out.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ cached: false });
  });
});
