/** What the builder says when it cannot build. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { describe as describeError } from "../../agent/errors.ts";
import { ARCHITECTURES } from "../../initramfs/architecture.ts";
import { openDenort } from "../../initramfs/build/denort.ts";
import { fetchPackages } from "../../initramfs/build/packages.ts";
import { build } from "../../initramfs/build.ts";

const LIMIT_MS = 120_000;
const VARIABLES = ["DENORT_BIN", "DEBIAN_MIRROR", "DEBIAN_SECURITY_MIRROR"];

let scratch = "";
const saved = new Map(VARIABLES.map((name) => [name, Deno.env.get(name)]));

beforeAll(() => {
  scratch = mkdtempSync(`${tmpdir()}/build-failures-`);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

afterEach(() => {
  for (const [name, value] of saved) {
    if (value === undefined) Deno.env.delete(name);
    else Deno.env.set(name, value);
  }
});

async function messageOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return describeError(error);
  }
  throw new Error("it did not fail");
}

describe("openDenort", () => {
  it.each([
    { what: "that is another program", content: "" },
    { what: "that is not there", content: undefined },
  ])("names the three ways when DENORT_BIN names a file $what", async ({ content }) => {
    const file = `${scratch}/${content === undefined ? "missing" : "wrong"}`;
    if (content !== undefined) writeFileSync(file, content);
    Deno.env.set("DENORT_BIN", file);
    const message = await messageOf(openDenort(ARCHITECTURES.amd64, `${scratch}/cache`));
    expect(message).toContain(`Cannot use the runtime that DENORT_BIN names: ${file}`);
    expect(message).toContain("there are three ways: DENORT_BIN=FILE");
    expect(message).toContain(ARCHITECTURES.amd64.denort.sha256);
  });

  it("tells how each way failed where there is no network", () => {
    const program = `
      import { ARCHITECTURES } from ${JSON.stringify(urlOf("architecture.ts"))};
      import { openDenort } from ${JSON.stringify(urlOf("build/denort.ts"))};
      import { describe } from ${JSON.stringify(urlOf("../agent/errors.ts"))};
      try { await openDenort(ARCHITECTURES.amd64, ${JSON.stringify(`${scratch}/offline`)}); }
      catch (error) { console.log(describe(error)); }`;
    writeFileSync(`${scratch}/offline.ts`, program);
    const env = Deno.env.toObject();
    delete env["DENORT_BIN"];
    // A folder of its own: the user's may have what this must not find.
    env["DENO_DIR"] = `${scratch}/offline-deno`;
    const message = new TextDecoder().decode(execFileSync(
      "unshare",
      ["--net", Deno.execPath(), "run", "-A", "--no-config", "--no-lock", `${scratch}/offline.ts`],
      { env, stdio: ["ignore", "pipe", "inherit"], timeout: LIMIT_MS },
    ));
    expect(message).toMatch(/^Cannot find the runtime of Deno 2\.7\.11$/m);
    expect(message).toMatch(/^Deno's own download: Cannot /m);
    expect(message).toMatch(/^npm package @stdy\/cli-linux-x64@0\.22\.2: Cannot /m);
    expect(message).toMatch(/^hint: there are three ways: /m);
  }, LIMIT_MS);
});

describe("fetchPackages", () => {
  it("names the mirror that does not answer", async () => {
    Deno.env.set("DEBIAN_MIRROR", "http://127.0.0.1:1/debian");
    Deno.env.delete("DEBIAN_SECURITY_MIRROR");
    const request = { names: ["crun"] };
    const message = await messageOf(fetchPackages(request, "amd64", `${scratch}/no-mirror`, false));
    expect(message).toContain(
      "Cannot read Debian trixie's package lists from http://127.0.0.1:1/debian",
    );
    expect(message).toContain("hint: check network and proxy of apt");
  }, LIMIT_MS);

  it("takes nothing from a mirror that is not signed", async () => {
    const release = "Origin: Debian\nSuite: stable\nCodename: trixie\nArchitectures: amd64\n" +
      "Components: main\nSHA256:\n";
    await using mirror = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) =>
        request.url.endsWith("/Release")
          ? new Response(release)
          : new Response("", { status: 404 }),
    );
    Deno.env.set("DEBIAN_MIRROR", `http://127.0.0.1:${mirror.addr.port}/debian`);
    Deno.env.delete("DEBIAN_SECURITY_MIRROR");
    const request = { names: ["crun"] };
    const message = await messageOf(fetchPackages(request, "amd64", `${scratch}/unsigned`, false));
    expect(message).toMatch(/is not signed/);
  }, LIMIT_MS);

  it("names the package that does not exist", async () => {
    const request = { names: ["no-such-package-at-all"] };
    const message = await messageOf(fetchPackages(request, "amd64", `${scratch}/no-name`, false));
    expect(message).toContain("no-such-package-at-all");
  }, LIMIT_MS);
});

describe("build", () => {
  it("says that there is no agent", async () => {
    for (const name of ["deno.json", "deno.lock"]) writeFileSync(`${scratch}/${name}`, "{}");
    const message = await messageOf(build({ sourceDir: scratch, cacheDir: `${scratch}/c` }));
    expect(message).toContain("Cannot compile the agent: agent/main.ts is not there");
  });
});

function urlOf(path: string): string {
  return new URL(`../../initramfs/${path}`, import.meta.url).href;
}
