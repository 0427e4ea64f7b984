/** Which kernel modules come along, from depmod's tables (modules.dep(5)). */
import { AgentError } from "../../agent/errors.ts";

export interface ModuleTables {
  /** A module's path below its kernel's folder, to the paths of what it needs. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** Names of what is part of the kernel itself. */
  readonly builtin: ReadonlySet<string>;
  /** A module's name, to what it would like to have, by name or alias. */
  readonly soft: ReadonlyMap<string, readonly string[]>;
  /** An alias without wildcards, to names of modules. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

/** Texts of modules.dep, modules.builtin, modules.softdep and modules.alias. */
export interface ModuleTableTexts {
  readonly dep: string;
  readonly builtin: string;
  readonly softdep: string;
  readonly alias: string;
}

export function parseModuleTables(texts: ModuleTableTexts): ModuleTables {
  const words = (text: string) => text.split("\n").map((line) => line.trim().split(/\s+/));
  const dependencies = new Map(
    words(texts.dep).filter(([path]) => path?.endsWith(":"))
      .map(([path = "", ...needs]) => [path.slice(0, -1), needs]),
  );
  const soft = new Map<string, string[]>();
  for (const [keyword, name, ...wishes] of words(texts.softdep)) {
    if (keyword !== "softdep" || name === undefined) continue;
    const names = wishes.filter((word) => !word.endsWith(":"));
    soft.set(name, [...soft.get(name) ?? [], ...names]);
  }
  const aliases = new Map<string, string[]>();
  for (const [keyword, alias, name] of words(texts.alias)) {
    if (keyword !== "alias" || alias === undefined || name === undefined) continue;
    aliases.set(alias, [...aliases.get(alias) ?? [], name]);
  }
  return {
    dependencies,
    builtin: new Set(words(texts.builtin).flatMap(([path]) => path ? [moduleNameOf(path)] : [])),
    soft,
    aliases,
  };
}

/** `kernel/fs/ext4/ext4.ko.xz` is `ext4`; `-` and `_` are the same to the kernel. */
export function moduleNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.ko(\.\w+)?$/, "").replaceAll("-", "_");
}

/**
 * The modules that are asked for and all that they need, soft dependencies included.
 * @param wanted names; `name?` may be missing in this kernel; `folder/` is all below it
 * @returns paths below the kernel's folder, sorted
 * @throws AgentError that lists the names which the kernel does not have
 */
export function planModules(wanted: readonly string[], tables: ModuleTables): readonly string[] {
  const byName = new Map(
    [...tables.dependencies.keys()].map((path) => [moduleNameOf(path), path]),
  );
  const chosen = new Set<string>();
  const add = (path: string): void => {
    if (chosen.has(path)) return;
    chosen.add(path);
    for (const need of tables.dependencies.get(path) ?? []) add(need);
    for (const wish of tables.soft.get(moduleNameOf(path)) ?? []) {
      for (const name of [wish, ...tables.aliases.get(wish) ?? []]) {
        const found = byName.get(name.replaceAll("-", "_"));
        if (found !== undefined) add(found);
      }
    }
  };
  const unknown: string[] = [];
  for (const item of wanted) {
    if (item.endsWith("/")) {
      for (const path of tables.dependencies.keys()) if (path.startsWith(item)) add(path);
      continue;
    }
    const name = item.replace(/\?$/, "").replaceAll("-", "_");
    const path = byName.get(name);
    if (path !== undefined) add(path);
    else if (!tables.builtin.has(name) && !item.endsWith("?")) unknown.push(name);
  }
  if (unknown.length > 0) {
    throw new AgentError(`Cannot find kernel modules: there is no ${unknown.join(", ")}`);
  }
  return [...chosen].sort();
}
