/** A kernel's modules as files: decompressed, with depmod's tables. */
import { AgentError } from "../../agent/errors.ts";
import { readStat } from "../read_stat.ts";
import type { Entry } from "./cpio.ts";
import { sha256Of } from "./fingerprint.ts";
import { parseModuleTables, planModules } from "./module_tables.ts";
import type { Package } from "./packages.ts";
import { readTree } from "./read_tree.ts";
import { runPackaged } from "./run_packaged.ts";
import { removeTree, writeWholeFolder } from "./write_whole.ts";

/** Where modules lie: also where a `make modules_install` of users' own kernels puts them. */
const MODULES = "lib/modules";

/** The kernel of a package. */
export interface Kernel {
  /** `uname -r`. */
  readonly version: string;
  readonly package: Package;
  /** Its image, a path on this machine. */
  readonly image: string;
}

/**
 * Finds the kernel in its package.
 * @throws AgentError when there is not exactly one
 */
export async function readKernel(from: Package): Promise<Kernel> {
  const versions: string[] = [];
  for await (const { name } of Deno.readDir(`${from.root}/usr/${MODULES}`)) versions.push(name);
  const [version] = versions;
  const image = `${from.root}/boot/vmlinuz-${version}`;
  if (version === undefined || versions.length > 1 || !(await readStat(image))) {
    throw new AgentError(`Cannot use package ${from.name}: it does not hold one kernel`);
  }
  return { version, package: from, image };
}

/**
 * The archive's entries for some modules of a kernel, all they need, and the tables for them.
 * @param tools packages with depmod and busybox for this machine
 * @throws AgentError for a module that the kernel does not have
 */
export async function readModuleEntries(
  kernel: Kernel,
  wanted: readonly string[],
  tools: readonly Package[],
  cacheDir: string,
): Promise<readonly Entry[]> {
  const key = sha256Of(JSON.stringify([kernel.package.sha256, wanted])).slice(0, 16);
  const chosen = `${cacheDir}/modules/${key}`;
  if (!(await readStat(chosen))) {
    const all = `${cacheDir}/modules/all`;
    await writeWholeFolder(all, (folder) => writeAllModules(kernel, tools, folder));
    await writeWholeFolder(
      chosen,
      (folder) => writeChosenModules(kernel.version, wanted, all, tools, folder),
    );
    await removeTree(all);
  }
  const files = await readTree(`${chosen}/${MODULES}/${kernel.version}`);
  return [...files].map(([path, data]) => ({
    kind: "file",
    path: `${MODULES}/${kernel.version}/${path}`,
    mode: 0o644,
    data,
    package: kernel.package.name,
  }));
}

/** Modules decompressed: busybox reads them, and the archive as a whole compresses better. */
async function writeAllModules(
  kernel: Kernel,
  tools: readonly Package[],
  folder: string,
): Promise<void> {
  const from = `${kernel.package.root}/usr/${MODULES}/${kernel.version}`;
  const to = `${folder}/${MODULES}/${kernel.version}`;
  const compressed: string[] = [];
  for (const [path, bytes] of await readTree(from)) {
    await Deno.mkdir(`${to}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeFile(`${to}/${path}`, bytes);
    if (path.endsWith(".ko.xz")) compressed.push(`${to}/${path}`);
  }
  const unxz = { package: "busybox-static", path: "usr/bin/busybox", calledAs: "unxz" };
  for (let at = 0; at < compressed.length; at += FILES_PER_CALL) {
    await runPackaged(tools, unxz, compressed.slice(at, at + FILES_PER_CALL));
  }
  await writeTables(kernel.version, tools, folder);
}

/** An argument list has a limit. */
const FILES_PER_CALL = 500;

async function writeChosenModules(
  version: string,
  wanted: readonly string[],
  all: string,
  tools: readonly Package[],
  folder: string,
): Promise<void> {
  const from = `${all}/${MODULES}/${version}`;
  const to = `${folder}/${MODULES}/${version}`;
  const text = (name: string) => Deno.readTextFile(`${from}/modules.${name}`);
  const tables = parseModuleTables({
    dep: await text("dep"),
    builtin: await text("builtin"),
    softdep: await text("softdep"),
    alias: await text("alias"),
  });
  const given = ["modules.order", "modules.builtin", "modules.builtin.modinfo"];
  for (const path of [...planModules(wanted, tables), ...given]) {
    await Deno.mkdir(`${to}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.copyFile(`${from}/${path}`, `${to}/${path}`);
  }
  await writeTables(version, tools, folder);
}

/** depmod(8), with none of this machine's configuration. */
async function writeTables(
  version: string,
  tools: readonly Package[],
  folder: string,
): Promise<void> {
  const depmod = { package: "kmod", path: "usr/bin/kmod", calledAs: "depmod" };
  await runPackaged(tools, depmod, ["--basedir", folder, "--config", "/dev/null", version]);
}
