/** `--volume`, `--mount`, `--tmpfs` and `--device`. */
import type { DeviceOption, MountOption } from "./container_config.ts";
import { type ContainerOption, many } from "./container_option.ts";
import { type Located, splitLocated } from "./located.ts";
import { parseMountOption } from "./mount_option.ts";
import { checkTarget, parseMountWords, parseTmpfsWord } from "./mount_words.ts";
import type { Report } from "./problem_collector.ts";
import { parseName } from "./values.ts";

export const MOUNT_OPTIONS: readonly ContainerOption[] = [
  many("volume", "mounts", "[SOURCE:]PATH[:OPTIONS]", "a folder or volume", parseVolumeOption, {
    short: "v",
  }),
  many(
    "mount",
    "mounts",
    "type=bind|volume|tmpfs,…",
    "a folder, volume or tmpfs, in words",
    parseMountOption,
  ),
  many("tmpfs", "mounts", "PATH[:OPTIONS]", "an empty folder in memory", parseTmpfs),
  many("device", "devices", "PATH[:PATH][:rwm]", "a device of the machine", parseDevice, {
    commas: true,
  }),
];

/** `[SOURCE:]TARGET[:OPTIONS]`; a source that begins with `/` is a path, else a volume's name. */
export function parseVolumeOption(value: Located, report: Report): MountOption | undefined {
  const parts = splitLocated(value, ":");
  const hint = "write /HOST/PATH:/CONTAINER/PATH, or NAME:/CONTAINER/PATH, with :ro at the end";
  const [source, target = source, options] = parts;
  if (!source || !target || parts.length > 3 || source.text === "") {
    return report.error(value, "{} is not a volume", hint);
  }
  const place = checkTarget(target, report, hint);
  const words = options ? parseMountWords(options, report) : [];
  if (place === undefined || words === undefined) return undefined;
  if (parts.length === 1) return { kind: "volume", name: "", target: place, options: words };
  if (source.text.startsWith("/")) {
    // podman takes these here too, and ignores them: there is nothing to copy into.
    const kept = words.filter((word) => word !== "copy" && word !== "nocopy");
    return { kind: "bind", source: source.text, target: place, options: kept };
  }
  if (source.text.startsWith(".") || source.text.startsWith("~")) {
    return report.error(source, "{} is a relative path: there is no folder it starts from", hint);
  }
  const name = parseName("a volume")(source, report);
  if (name === undefined) return undefined;
  report.refer("volume", source);
  return { kind: "volume", name, target: place, options: words };
}

/** `PATH[:OPTIONS]`, options as mount(8) takes them for a tmpfs. */
export function parseTmpfs(value: Located, report: Report): MountOption | undefined {
  const [path = value, options] = splitLocated(value, ":", 2);
  const before = report.errors;
  const target = checkTarget(path, report, "write PATH, or PATH:size=64m");
  const words = options ? splitLocated(options, ",") : [];
  const parsed = words.flatMap((word) => parseTmpfsWord(word, report) ?? []);
  if (target === undefined || report.errors > before) return undefined;
  return { kind: "tmpfs", target, options: parsed };
}

/** `HOST[:CONTAINER][:rwm]`. */
export function parseDevice(value: Located, report: Report): DeviceOption | undefined {
  const [source = "", ...rest] = value.text.split(":");
  const access = /^[rwm]{1,3}$/.test(rest.at(-1) ?? "") ? rest.pop() : "rwm";
  const [target = source, ...tooMuch] = rest;
  const isGood = source.startsWith("/") && target.startsWith("/") && tooMuch.length === 0;
  if (isGood && access !== undefined) return { source, target, access };
  const hint = "write /dev/X, /dev/X:/dev/Y or /dev/X:/dev/Y:rwm";
  return report.error(value, "{} is not a device", hint);
}
