/** The option words of `-v`, `--mount` and `--tmpfs`, checked and completed as podman does. */
import { AgentError } from "../errors.ts";

/** At most one word of each group; the first is what podman adds when none is given. */
const ACCESS = ["rw", "ro"];
const PROPAGATION = [
  "rprivate",
  "private",
  "shared",
  "rshared",
  "slave",
  "rslave",
  "unbindable",
  "runbindable",
];
const DEPTH = ["rbind", "bind"];
const SETUID = ["nosuid", "suid"];
const DEVICES = ["nodev", "dev"];
const EXECUTION = ["exec", "noexec"];

/** SELinux labels; there is no SELinux here. */
const LABELS = ["z", "Z"];
const COPY = ["copy", "nocopy"];
const COPY_UP = ["tmpcopyup", "notmpcopyup"];

/** tmpfs(5), and what mount(8) takes for any filesystem. */
const TMPFS_WORD =
  /^(?:(?:size|nr_inodes|nr_blocks|mode|uid|gid|huge|mpol)=[^,]+|noswap|noatime|sync|async)$/;

/** What a mount's words say. */
export interface ChosenOptions {
  /** For the runtime configuration. */
  readonly options: readonly string[];
  /** Fill an empty volume with what the image has at that place. */
  readonly copyUp: boolean;
}

/** `-v /folder:/target:WORDS`. @throws AgentError naming a word that cannot be used */
export function chooseBindOptions(words: readonly string[]): ChosenOptions {
  return chooseOptions(words, [ACCESS, PROPAGATION, DEPTH], [SETUID, DEVICES, EXECUTION], {
    dropped: LABELS,
  });
}

/** `-v NAME:/target:WORDS`. @throws AgentError naming a word that cannot be used */
export function chooseVolumeOptions(words: readonly string[]): ChosenOptions {
  return chooseOptions(words, [ACCESS, PROPAGATION, SETUID, DEVICES, DEPTH], [EXECUTION, COPY], {
    dropped: [...LABELS, ...COPY],
  });
}

/** `--tmpfs /target:WORDS`. @throws AgentError naming a word that cannot be used */
export function chooseTmpfsOptions(words: readonly string[]): ChosenOptions {
  const chosen = chooseOptions(
    words,
    [ACCESS, PROPAGATION, SETUID, DEVICES],
    [EXECUTION, COPY_UP],
    {
      dropped: COPY_UP,
      other: TMPFS_WORD,
    },
  );
  const copyUp = !words.includes("notmpcopyup");
  return { options: copyUp ? [...chosen.options, "tmpcopyup"] : chosen.options, copyUp };
}

/** True when what is mounted below on either side shows on the other (mount_namespaces(7)). */
export function isShared(options: readonly string[]): boolean {
  return options.includes("shared") || options.includes("rshared");
}

/** True when what is mounted below on the machine's side shows in the container. */
export function isSlave(options: readonly string[]): boolean {
  return options.includes("slave") || options.includes("rslave");
}

function chooseOptions(
  words: readonly string[],
  defaulted: readonly (readonly string[])[],
  optional: readonly (readonly string[])[],
  special: { readonly dropped: readonly string[]; readonly other?: RegExp },
): ChosenOptions {
  const groups = [...defaulted, ...optional];
  const known = new Set([...groups.flat(), ...special.dropped]);
  for (const word of words) {
    if (!known.has(word) && !special.other?.test(word)) {
      throw new AgentError(`Cannot use mount option ${word}: not supported`);
    }
  }
  for (const group of groups) {
    const given = new Set(words.filter((word) => group.includes(word)));
    if (given.size > 1) {
      throw new AgentError(`Cannot use mount options ${[...given].join(" and ")} together`);
    }
  }
  const added = defaulted
    .filter((group) => !group.some((word) => words.includes(word)))
    .map((group) => group[0]!);
  const kept = words.filter((word) => !special.dropped.includes(word));
  return { options: [...kept, ...added], copyUp: !words.includes("nocopy") };
}
