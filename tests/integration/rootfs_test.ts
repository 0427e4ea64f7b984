/** Overlay roots and what is looked up in them, against the kernel. Root. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPathInRoot, readTextInRoot } from "../../agent/container/path_in_root.ts";
import { mountRootfs } from "../../agent/container/rootfs.ts";
import { SyscallError } from "../../agent/errors.ts";
import { parseMounts } from "../../agent/sys/mounts.ts";
import { openSystem } from "../../agent/sys/system.ts";

const sys = openSystem();
let scratch = "";

beforeAll(() => {
  scratch = Deno.makeTempDirSync({ prefix: "rootfs-test-", dir: "/dev/shm" });
});
afterAll(() => Deno.removeSync(scratch, { recursive: true }));

function makeFolder(name: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = `${scratch}/${name}`;
  Deno.mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    const path = `${folder}/${file}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(path, text);
  }
  return folder;
}

function mountsBelow(folder: string): readonly string[] {
  return parseMounts(Deno.readTextFileSync("/proc/self/mounts"))
    .map(({ target }) => target)
    .filter((target) => target.startsWith(folder));
}

describe("mountRootfs", () => {
  it("puts higher layers over lower ones, with the attributes of the highest", () => {
    const layers = [
      makeFolder("low", { both: "low", "only-low": "1" }),
      makeFolder("high", { both: "high" }),
    ];
    Deno.chmodSync(layers[1]!, 0o1711);
    using root = mountRootfs(sys, makeFolder("stacked"), layers);
    expect(Deno.readTextFileSync(`${root.path}/both`)).toBe("high");
    expect(Deno.readTextFileSync(`${root.path}/only-low`)).toBe("1");
    expect(Deno.statSync(root.path).mode! & 0o7777).toBe(0o1711);
  });

  it("takes a layer that comes twice, as empty ones do, in its uppermost place", () => {
    const twice = makeFolder("twice", { both: "twice", mine: "1" });
    const between = makeFolder("between", { both: "between", other: "1" });
    using root = mountRootfs(sys, makeFolder("doubled"), [twice, between, twice]);
    expect(Deno.readTextFileSync(`${root.path}/both`)).toBe("twice");
    expect([...Deno.readDirSync(root.path)].map(({ name }) => name).sort())
      .toEqual(["both", "mine", "other"]);
  });

  it("mounts an image without layers", () => {
    using root = mountRootfs(sys, makeFolder("scratch-image"), []);
    expect([...Deno.readDirSync(root.path)]).toEqual([]);
  });

  it("goes away with all that was mounted in it", () => {
    const folder = makeFolder("nested");
    {
      using root = mountRootfs(sys, folder, [makeFolder("layer", { "mnt/x": "" })]);
      sys.kernel.mount("tmpfs", `${root.path}/mnt`, "tmpfs", 0, "");
      expect(mountsBelow(folder)).toHaveLength(2);
    }
    expect(mountsBelow(folder)).toEqual([]);
  });

  it("goes away although a file in it is open", () => {
    const folder = makeFolder("busy");
    const root = mountRootfs(sys, folder, [makeFolder("layer", { file: "text" })]);
    using _file = Deno.openSync(`${root.path}/file`);
    root[Symbol.dispose]();
    expect(mountsBelow(folder)).toEqual([]);
  });

  it("names the layer that is not there, and leaves no mount", () => {
    const folder = makeFolder("broken");
    expect(() => mountRootfs(sys, folder, [`${scratch}/no-such-layer`])).toThrow("no-such-layer");
    expect(mountsBelow(folder)).toEqual([]);
  });
});

describe("mountFilesystem", () => {
  it("fails with the kernel's own words", () => {
    const mount = () => sys.kernel.mountFilesystem("overlay", [["nonsense", "1"]], scratch, 0);
    expect(mount).toThrow("Cannot mount overlay");
    try {
      mount();
    } catch (error) {
      expect((error as SyscallError).code).toBe("EINVAL");
      expect(String((error as SyscallError).cause)).toContain("nonsense");
    }
  });
});

describe("openPathInRoot", () => {
  it("stays in the root, whatever links say", () => {
    const root = makeFolder("links", { "etc/passwd": "inside" });
    const up = "../".repeat(20);
    const links = {
      absolute: "/etc/passwd",
      up: `${up}etc/passwd`,
      chain: "/absolute",
      folder: up,
    };
    for (const [name, target] of Object.entries(links)) Deno.symlinkSync(target, `${root}/${name}`);
    for (const path of ["/absolute", "up", "/chain", "/folder/etc/passwd", `${up}etc/passwd`]) {
      expect(readTextInRoot(root, path)).toBe("inside");
    }
  });

  it("finds nothing where nothing is, and says so of loops", () => {
    const root = makeFolder("nothing", { file: "" });
    Deno.symlinkSync("loop", `${root}/loop`);
    expect(openPathInRoot(root, "/none")).toBeUndefined();
    expect(openPathInRoot(root, "/file/below")).toBeUndefined();
    expect(() => openPathInRoot(root, "/loop")).toThrow("ELOOP");
  });

  it("reads no folders", () => {
    expect(() => readTextInRoot(makeFolder("folder", { "etc/x": "" }), "/etc"))
      .toThrow("it is no regular file");
  });
});
