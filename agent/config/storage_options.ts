/** `b2c.filesystem`, `b2c.storage` and `b2c.nbd`. */
import { parseHost } from "./addresses.ts";
import { CACHE_WORDS } from "./cache_options.ts";
import type { FilesystemConfig, NetworkBlockDevice } from "./config.ts";
import type { Located } from "./located.ts";
import { type ListOption, listValue, parseOptionList, splitItems } from "./option_list.ts";
import type { Report } from "./problem_collector.ts";
import { parseInteger, parseList, parseName, parsePattern, parseText } from "./values.ts";

interface FilesystemDraft {
  source: string | undefined;
  type: string | undefined;
  options: readonly string[];
}

const FILESYSTEM_OPTIONS: readonly ListOption<FilesystemDraft>[] = [
  listValue("src", "source", parseText("the source"), { aliases: ["source"] }),
  listValue("type", "type", parsePattern(/^[a-z0-9_.]+$/, "{} cannot be a filesystem type")),
  listValue("opts", "options", parseList("|", parseText("a mount option")), { piped: true }),
];

/** `NAME,src=SRC[,type=T][,opts=a|b]`. */
export function parseFilesystem(value: Located, report: Report): FilesystemConfig | undefined {
  const before = report.errors;
  const [first = value, ...rest] = splitItems(value);
  const name = parseName("a filesystem")(first, report);
  if (name !== undefined && CACHE_WORDS.includes(name)) {
    report.error(first, `{} is a word of b2c.cache_device and cannot name a filesystem`);
  }
  const draft: FilesystemDraft = { source: undefined, type: undefined, options: [] };
  parseOptionList(rest, FILESYSTEM_OPTIONS, draft, report);
  const { type, options } = draft;
  // A tmpfs comes from nowhere, whatever its source says.
  const source = draft.source ?? (type === "tmpfs" ? "tmpfs" : undefined);
  if (report.errors === before && source === undefined) {
    report.error(value, "{} does not say what to mount", "write src=… after the name");
  }
  // A bad one too: who names it must not be told that it is nowhere.
  if (name !== undefined) report.define("filesystem", first);
  if (name === undefined || source === undefined || report.errors > before) return undefined;
  return { name, source, type, options };
}

/** `additionalimagestores=FSNAME`. */
export function parseImageStore(value: Located, report: Report): string | undefined {
  const before = report.errors;
  const draft: { store: string | undefined } = { store: undefined };
  const storeOption = listValue<typeof draft, "store">(
    "additionalimagestores",
    "store",
    (name) => {
      report.refer("filesystem", name);
      return name.text;
    },
  );
  parseOptionList(splitItems(value), [storeOption], draft, report);
  return report.errors > before ? undefined : draft.store;
}

interface NbdDraft {
  host: string | undefined;
  port: number | undefined;
  connections: number;
  exportName: string;
}

const NBD_OPTIONS: readonly ListOption<NbdDraft>[] = [
  listValue("host", "host", parseHost),
  listValue("port", "port", parseInteger(1, 65535)),
  listValue("connections", "connections", parseInteger(1, 64)),
  listValue("name", "exportName", parseText("the export")),
];

const parseNbdDevice = parsePattern(
  /^\/dev\/nbd\d{1,4}$/,
  "{} is no network block device",
  "such as /dev/nbd0",
);

/** `/dev/nbdN,host=H,port=P[,connections=N][,name=EXPORT]`. */
export function parseNbd(value: Located, report: Report): NetworkBlockDevice | undefined {
  const before = report.errors;
  const [first = value, ...rest] = splitItems(value);
  const device = parseNbdDevice(first, report);
  const draft: NbdDraft = { host: undefined, port: undefined, connections: 1, exportName: "" };
  parseOptionList(rest, NBD_OPTIONS, draft, report);
  const { host, port } = draft;
  if (report.errors === before) {
    if (host === undefined) report.error(value, "{} names no host", "write host=…");
    if (port === undefined) report.error(value, "{} names no port", "write port=10809");
  }
  if (device === undefined || host === undefined || port === undefined) return undefined;
  if (report.errors > before) return undefined;
  report.define("nbd", first);
  return { ...draft, device, host, port };
}
