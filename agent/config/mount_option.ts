/** `--mount`: `type=bind|volume|tmpfs,src=…,dst=…,…`. */
import type { MountOption } from "./container_config.ts";
import { type Located, sliceLocated } from "./located.ts";
import { checkTarget, parseTmpfsWord, PROPAGATIONS } from "./mount_words.ts";
import { type ListOption, parseOptionList, splitItems } from "./option_list.ts";
import type { Report } from "./problem_collector.ts";
import { parseChoice, parseName } from "./values.ts";

type Kind = MountOption["kind"];

interface MountDraft {
  kind: Kind;
  source: Located | undefined;
  target: Located | undefined;
  /** Mount options, each with the kinds that know it; undefined: all. */
  options: { readonly at: Located; readonly text: string; readonly kinds?: readonly Kind[] }[];
}

const KINDS: readonly Kind[] = ["bind", "volume", "tmpfs"];
const REFUSED_KINDS: readonly string[] = ["devpts", "glob", "image", "ramfs"];

const OPTIONS: readonly ListOption<MountDraft>[] = [
  { name: "type", kind: "value", apply: applyType },
  {
    name: "source",
    aliases: ["src"],
    kind: "value",
    apply: (draft, value) => void (draft.source = value),
  },
  {
    name: "destination",
    aliases: ["dst", "target"],
    kind: "value",
    apply: (draft, value) => void (draft.target = value),
  },
  word("ro", ["readonly"], (on) => on ? "ro" : "rw"),
  word("rw", [], (on) => on ? "rw" : "ro"),
  word("bind-nonrecursive", [], (on) => on ? "bind" : "rbind", ["bind"]),
  word("tmpcopyup", [], (on) => on ? "tmpcopyup" : "notmpcopyup", ["tmpfs"]),
  word("notmpcopyup", [], (on) => on ? "notmpcopyup" : "tmpcopyup", ["tmpfs"]),
  word("noswap", [], (on) => on ? "noswap" : undefined, ["tmpfs"]),
  {
    name: "bind-propagation",
    kind: "value",
    apply: (draft, value, report) => {
      const text = parseChoice(PROPAGATIONS)(value, report);
      if (text !== undefined) draft.options.push({ at: value, text, kinds: ["bind"] });
    },
  },
  {
    name: "relabel",
    kind: "value",
    apply: (draft, value, report) => {
      const scope = parseChoice(["shared", "private"])(value, report);
      if (scope) draft.options.push({ at: value, text: scope === "shared" ? "z" : "Z" });
    },
  },
  tmpfsValue("tmpfs-size"),
  tmpfsValue("tmpfs-mode"),
  refuse("U", ["chown"], "ownership stays as it is"),
  refuse("idmap", [], "containers share the machine's users"),
  refuse("subpath", [], "a mount is of the whole"),
];

/** Parses the value of `--mount`; without a type it is a volume, as for podman. */
export function parseMountOption(value: Located, report: Report): MountOption | undefined {
  const before = report.errors;
  const draft: MountDraft = { kind: "volume", source: undefined, target: undefined, options: [] };
  parseOptionList(splitItems(value), OPTIONS, draft, report);
  if (report.errors > before) return undefined;
  const { kind, source } = draft;
  if (!draft.target) return report.error(value, "{} does not say where to", "write dst=/PATH");
  const target = checkTarget(draft.target, report);
  for (const option of draft.options) {
    if (option.kinds && !option.kinds.includes(kind)) {
      report.error(option.at, `{} has no meaning for type=${kind}`);
    }
  }
  const options = draft.options.map((option) => option.text);
  if (target === undefined || report.errors > before) return undefined;
  if (kind === "tmpfs") {
    return source ? report.error(source, "a tmpfs has no source") : { kind, target, options };
  }
  if (kind === "volume") {
    const name = source ? parseName("a volume")(source, report) : "";
    if (source && name !== undefined) report.refer("volume", source);
    return name === undefined ? undefined : { kind, name, target, options };
  }
  if (source?.text.startsWith("/")) return { kind, source: source.text, target, options };
  return report.error(source ?? value, "{} names no absolute path to mount", "write src=/PATH");
}

function applyType(draft: MountDraft, value: Located, report: Report): void {
  if (REFUSED_KINDS.includes(value.text)) {
    report.error(value, "{} is refused: types are bind, volume and tmpfs");
    return;
  }
  draft.kind = parseChoice(KINDS)(value, report) ?? draft.kind;
}

function word(
  name: string,
  aliases: readonly string[],
  render: (on: boolean) => string | undefined,
  kinds?: readonly Kind[],
): ListOption<MountDraft> {
  return {
    name,
    aliases,
    kind: "flag",
    apply: (draft, on, _report, at) => {
      const text = render(on);
      if (text !== undefined) draft.options.push({ at, text, ...(kinds && { kinds }) });
    },
  };
}

function tmpfsValue(name: "tmpfs-size" | "tmpfs-mode"): ListOption<MountDraft> {
  return {
    name,
    kind: "value",
    apply: (draft, value, report, at) => {
      const text = parseTmpfsWord(sliceLocated(at, "tmpfs-".length), report);
      if (text !== undefined) draft.options.push({ at: value, text, kinds: ["tmpfs"] });
    },
  };
}

function refuse(name: string, aliases: readonly string[], why: string): ListOption<MountDraft> {
  return {
    name,
    aliases,
    kind: "any",
    apply: (_draft, _value, report, at) => report.error(at, `{} is refused: ${why}`),
  };
}
