/** The store of layers: what is in it is whole, whatever happened before. Root. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AgentError, IntegrityError } from "../../agent/errors.ts";
import { openStore, type StoredImage } from "../../agent/oci/store.ts";
import { openTemporaryFolder } from "../../agent/oci/temporary_folder.ts";
import { openSystem } from "../../agent/sys/system.ts";

const sys = openSystem();
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const A = digest("a"), B = digest("b");

let folder = "";
beforeEach(() => {
  folder = Deno.makeTempDirSync({ dir: "/dev/shm", prefix: "store-test-" });
});
afterEach(() => Deno.remove(folder, { recursive: true }));

/** Fills a layer with one file. */
const fillWith = (diffId: string, text = "x") => async (path: string) => {
  await Deno.writeTextFile(`${path}/file`, text);
  return { diffId, size: 1, entries: 1, warnings: [] };
};

const names = (path: string) => [...Deno.readDirSync(`${folder}/${path}`)].map(({ name }) => name);

describe("layers", () => {
  it("are there once they were added, also for who opens the store later", async () => {
    const store = await openStore(sys, folder);
    expect(await store.findLayer(A)).toBe(undefined);
    const path = await store.addLayer(A, fillWith(A));
    expect(path).toBe(`${folder}/layers/${"a".repeat(64)}`);
    expect(await Deno.readTextFile(`${path}/file`)).toBe("x");
    expect(await store.findLayer(A)).toBe(path);
    expect(await (await openStore(sys, folder)).findLayer(A)).toBe(path);
    expect(names("tmp")).toEqual([]);
  });

  it("are not filled again", async () => {
    const store = await openStore(sys, folder);
    const path = await store.addLayer(A, fillWith(A));
    const again = await store.addLayer(A, () => Promise.reject(new Error("filled again")));
    expect(again).toBe(path);
  });

  it("are filled once for all who ask meanwhile", async () => {
    const store = await openStore(sys, folder);
    let fills = 0;
    const gate = Promise.withResolvers<void>();
    const fill = async (path: string) => {
      fills++;
      await gate.promise;
      return await fillWith(A)(path);
    };
    const all = Array.from({ length: 5 }, () => store.addLayer(A, fill));
    gate.resolve();
    expect(new Set(await Promise.all(all)).size).toBe(1);
    expect(fills).toBe(1);
  });

  it("whose diffID is another are not kept", async () => {
    const store = await openStore(sys, folder);
    const error = await store.addLayer(A, fillWith(B)).catch((e) => e);
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error).toMatchObject({ wanted: A, got: B });
    expect(await store.findLayer(A)).toBe(undefined);
    expect(await store.findLayer(B)).toBe(undefined);
    expect(names("tmp")).toEqual([]);
  });

  it("that could not be filled leave nothing, and can be tried again", async () => {
    const store = await openStore(sys, folder);
    const fail = async (path: string) => {
      await Deno.mkdir(`${path}/half/of`, { recursive: true });
      throw new Error("cut");
    };
    await expect(store.addLayer(A, fail)).rejects.toThrow("cut");
    expect(names("tmp")).toEqual([]);
    expect(await store.addLayer(A, fillWith(A))).toMatch(/a{64}$/);
  });

  it("that two processes add at once are one", async () => {
    const [one, two] = [await openStore(sys, folder), await openStore(sys, folder)];
    const gate = Promise.withResolvers<void>();
    const slow = one.addLayer(A, async (path) => {
      await gate.promise;
      return await fillWith(A, "slow")(path);
    });
    const path = await two.addLayer(A, fillWith(A, "fast"));
    gate.resolve();
    expect(await slow).toBe(path);
    expect(await Deno.readTextFile(`${path}/file`)).toBe("fast");
    expect(names("tmp")).toEqual([]);
  });

  it("have digests for names", async () => {
    const store = await openStore(sys, folder);
    for (const wrong of ["", "sha256:../../etc", "sha512:aa", "a".repeat(64)]) {
      await expect(store.addLayer(wrong, fillWith(wrong))).rejects.toThrow(AgentError);
      await expect(store.findLayer(wrong)).rejects.toThrow(AgentError);
    }
  });
});

describe("what a crash left", () => {
  it("goes when the store is opened, however deep and oddly named", async () => {
    await openStore(sys, folder);
    await Deno.writeTextFile(`${folder}/tmp/file`, "x");
    await Deno.mkdir(`${folder}/tmp/folder/sub`, { recursive: true });
    // Deeper than one path can name.
    const deep = new Deno.Command("sh", {
      args: [
        "-c",
        'cd "$1"; p=$(printf "dddd/%.0s" $(seq 500)); for i in 1 2 3; do mkdir -p $p; cd -P $p; done',
        "sh",
        `${folder}/tmp/folder`,
      ],
    });
    expect((await deep.output()).success).toBe(true);
    const odd = new Deno.Command("sh", {
      args: ["-c", `mkdir -p "$1/$(printf '\\377\\n')/x"`, "sh", `${folder}/tmp`],
    });
    expect((await odd.output()).success).toBe(true);
    await openStore(sys, folder);
    expect(names("tmp")).toEqual([]);
  });

  it("is told from what another process is at", async () => {
    await openStore(sys, folder);
    await using busy = openTemporaryFolder(`${folder}/tmp`);
    await Deno.writeTextFile(`${busy.path}/file`, "x");
    await openStore(sys, folder);
    expect(await Deno.readTextFile(`${busy.path}/file`)).toBe("x");
  });

  it("by kill -9 in the middle of a layer is no layer", async () => {
    const script = `
      import { openStore } from ${
      JSON.stringify(new URL("../../agent/oci/store.ts", import.meta.url).href)
    };
      import { openSystem } from ${
      JSON.stringify(new URL("../../agent/sys/system.ts", import.meta.url).href)
    };
      const store = await openStore(openSystem(), ${JSON.stringify(folder)});
      await store.addLayer(${JSON.stringify(A)}, async (path) => {
        await Deno.writeTextFile(path + "/file", "half");
        await Deno.stdout.write(new TextEncoder().encode("ready"));
        await new Promise((resolve) => setTimeout(resolve, 60_000));
        return {};
      });`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-lock", script],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    expect(names("tmp")).toHaveLength(1);
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    const store = await openStore(sys, folder);
    expect(await store.findLayer(A)).toBe(undefined);
    expect(names("tmp")).toEqual([]);
  });
});

describe("images", () => {
  const image = (layers: readonly string[], reference = "docker.io/library/a:1"): StoredImage => ({
    reference,
    digest: digest("c"),
    config: {
      architecture: "amd64",
      os: "linux",
      config: { Cmd: ["sh"], Env: ["A=b"] },
      diffIds: [A, B],
    },
    layers,
  });

  it("are found by their reference, also by who opens the store later", async () => {
    const store = await openStore(sys, folder);
    const layers = [await store.addLayer(A, fillWith(A)), await store.addLayer(B, fillWith(B))];
    expect(await store.findImage("docker.io/library/a:1")).toBe(undefined);
    await store.putImage(image(layers));
    const later = await openStore(sys, folder);
    expect(await later.findImage("docker.io/library/a:1")).toEqual(image(layers));
    expect(await later.findImage("docker.io/library/a:2")).toBe(undefined);
    expect(names("tmp")).toEqual([]);
  });

  it("replace those of the same reference", async () => {
    const store = await openStore(sys, folder);
    const [a, b] = [await store.addLayer(A, fillWith(A)), await store.addLayer(B, fillWith(B))];
    await store.putImage(image([a, b]));
    await store.putImage(image([b]));
    expect((await store.findImage("docker.io/library/a:1"))?.layers).toEqual([b]);
    expect(names("images")).toHaveLength(1);
  });

  it("may have a layer twice, and references of any kind", async () => {
    const store = await openStore(sys, folder);
    const a = await store.addLayer(A, fillWith(A));
    const reference = `h:5000/${"x/".repeat(200)}y@sha256:${"d".repeat(64)}`;
    await store.putImage(image([a, a], reference));
    expect((await store.findImage(reference))?.layers).toEqual([a, a]);
  });

  it("without one of their layers, or half written, are not there", async () => {
    const store = await openStore(sys, folder);
    const [a, b] = [await store.addLayer(A, fillWith(A)), await store.addLayer(B, fillWith(B))];
    await store.putImage(image([a, b]));
    await store.putImage(image([a], "h/other:1"));
    await Deno.remove(b, { recursive: true });
    expect(await store.findImage("docker.io/library/a:1")).toBe(undefined);
    expect((await store.findImage("h/other:1"))?.layers).toEqual([a]);
    for (const name of names("images")) await Deno.truncate(`${folder}/images/${name}`, 40);
    expect(await store.findImage("h/other:1")).toBe(undefined);
  });

  it("are made of layers of their own store", async () => {
    const store = await openStore(sys, folder);
    await expect(store.putImage(image(["/etc"]))).rejects.toThrow(
      /^Cannot store .*: \/etc is no layer/,
    );
  });
});

it("the store is nobody else's to read: layers hold programs with setuid", async () => {
  await openStore(sys, `${folder}/new/store`);
  for (const name of ["layers", "images", "tmp"]) {
    expect((await Deno.stat(`${folder}/new/store/${name}`)).mode! & 0o777).toBe(0o700);
  }
});
