/** `b2c.load`, `b2c.events`, `b2c.shutdown_cmd` and `b2c.reboot_cmd`. */
import { parseUrl } from "./addresses.ts";
import type { EventSink, ModuleRequest } from "./config.ts";
import { type Located, sliceLocated } from "./located.ts";
import { splitItems } from "./option_list.ts";
import type { Report } from "./problem_collector.ts";
import { findSecrets } from "./secret_spans.ts";
import { parseShellWords } from "./shell_words.ts";

const MODULE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** Names of kernel modules between commas. */
export function parseModules(value: Located, report: Report): readonly ModuleRequest[] | undefined {
  const before = report.errors;
  const names = splitItems(value).filter((item) => item.text !== "");
  for (const name of names) {
    if (MODULE_NAME.test(name.text)) continue;
    const stem = /^(?:.*\/)?([A-Za-z0-9_-]+)\.ko(?:\.[a-z0-9]+)?$/.exec(name.text)?.[1];
    const hint = stem
      ? `write ${stem}`
      : /\s/.test(name.text)
      ? "separate names with commas"
      : "options go into words of their own, such as amdgpu.si_support=1";
    report.error(name, "{} is not the name of a kernel module", hint);
  }
  return report.errors > before
    ? undefined
    : names.map(({ text }) => ({ name: text, options: [] }));
}

/** Adds modules to a list; one that is there already keeps its place. */
export function mergeModules(modules: ModuleRequest[], added: readonly ModuleRequest[]): void {
  for (const module of added) {
    if (!modules.some(({ name }) => isSameModule(name, module.name))) modules.push(module);
  }
}

/** Adds an option to a module of the list; to none, when the module is not there. */
export function addModuleOption(modules: ModuleRequest[], name: string, option: string): void {
  const at = modules.findIndex((module) => isSameModule(module.name, name));
  const module = modules[at];
  if (module) modules[at] = { name: module.name, options: [...module.options, option] };
}

/** True when both name the same module: the kernel takes `-` for `_`. */
function isSameModule(a: string, b: string): boolean {
  return a.replaceAll("-", "_") === b.replaceAll("-", "_");
}

/** `console`, `virtio:NAME`, or a URL. */
export function parseEventSink(value: Located, report: Report): EventSink | undefined {
  if (value.text === "console") return { kind: "console" };
  if (value.text.startsWith("virtio:")) {
    const name = sliceLocated(value, "virtio:".length);
    if (/^[A-Za-z0-9._-]+$/.test(name.text)) return { kind: "virtio", name: name.text };
    return report.error(name, "{} is not the name of a virtio port", "such as virtio:b2c.events");
  }
  if (/^https?:/i.test(value.text)) {
    const url = parseUrl("http", "https")(value, report);
    return url === undefined ? undefined : { kind: "url", url };
  }
  return report.error(value, "{} is no place for events", "write console, virtio:NAME or a URL");
}

/** Words of a command; quotes and backslashes as in a shell. */
export function parseCommand(value: Located, report: Report): string[] | undefined {
  for (const { start, end } of findSecrets(value.text)) {
    report.secret(sliceLocated(value, start, end));
  }
  const words = parseShellWords(value, report);
  if (words?.length === 0) return report.error(value, "the command is missing");
  return words?.map((word) => word.text);
}
