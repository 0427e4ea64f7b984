/** Words that `--volume`, `--mount` and `--tmpfs` share: targets, mount options. */
import { type Located, splitLocated } from "./located.ts";
import { chooseNearest } from "./nearest.ts";
import type { Report } from "./problem_collector.ts";
import { parsePath, parseSize } from "./values.ts";

/** Mount propagation (mount_namespaces(7)), with and without submounts. */
export const PROPAGATIONS: readonly string[] = [
  ..."shared rshared slave rslave private rprivate unbindable runbindable".split(" "),
];
const BIND_WORDS: readonly string[] = [
  ..."rw ro bind rbind dev nodev exec noexec suid nosuid copy nocopy z Z".split(" "),
  ...PROPAGATIONS,
];
/** Options of podman that change more than the mount. */
const REFUSED_WORDS: readonly string[] = ["O", "U", "idmap", "upperdir", "workdir"];
const CONFLICTS: readonly (readonly string[])[] = [
  ["rw", "ro"],
  ["dev", "nodev"],
  ["exec", "noexec"],
  ["suid", "nosuid"],
  ["copy", "nocopy"],
  ["z", "Z"],
  PROPAGATIONS,
];
/** tmpfs(5). */
const TMPFS_VALUES: readonly string[] = ["size", "mode", "nr_inodes", "nr_blocks", "uid", "gid"];
const TMPFS_WORDS: readonly string[] = [
  ..."rw ro dev nodev exec noexec suid nosuid noatime sync async tmpcopyup".split(" "),
  ..."notmpcopyup noswap private rprivate shared rshared slave rslave".split(" "),
];

const parseTarget = parsePath("a folder in the container");

/** The path of a mount in the container: absolute, and not the root. */
export function checkTarget(value: Located, report: Report, hint?: string): string | undefined {
  const path = parseTarget(value, report);
  if (path === undefined || /[^/]/.test(path)) return path;
  return report.error(value, "{} would hide the whole image", hint);
}

/** Mount options between commas, checked against each other. */
export function parseMountWords(value: Located, report: Report): readonly string[] | undefined {
  const before = report.errors;
  const seen = new Map<readonly string[], string>();
  const words = splitLocated(value, ",");
  for (const word of words) {
    const [name = ""] = word.text.split("=", 1);
    const group = CONFLICTS.find((conflict) => conflict.includes(name));
    const other = group && seen.get(group);
    if (group) seen.set(group, name);
    if (REFUSED_WORDS.includes(name)) {
      report.error(word, "{} is refused: a mount changes nothing but what is seen where");
    } else if (!BIND_WORDS.includes(word.text)) {
      const near = chooseNearest(name, BIND_WORDS);
      report.error(word, "{} is no mount option", near && `write ${near}`);
    } else if (other !== undefined && other !== name) {
      report.error(word, `{} contradicts ${other}`);
    }
  }
  return report.errors > before ? undefined : words.map((word) => word.text);
}

/** One option of a tmpfs; a size comes back in bytes, as the kernel knows fewer units. */
export function parseTmpfsWord(word: Located, report: Report): string | undefined {
  const [name = word, setting] = splitLocated(word, "=", 2);
  if (setting && TMPFS_VALUES.includes(name.text)) {
    // A percentage is of the machine's memory.
    if (/^\d+%?$/.test(setting.text)) return word.text;
    if (name.text !== "size") return report.error(word, "{} is not a number");
    const size = parseSize(setting, report);
    return size === undefined ? undefined : `size=${size}`;
  }
  if (!setting && TMPFS_WORDS.includes(word.text)) return word.text;
  const near = chooseNearest(name.text, [...TMPFS_WORDS, ...TMPFS_VALUES]);
  return report.error(word, "{} is no option of a tmpfs", near && `write ${near}`);
}
