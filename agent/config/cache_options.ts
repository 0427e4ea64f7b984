/** `b2c.cache_device` and `b2c.swap`. */
import type { CacheDevice, Swap } from "./config.ts";
import type { Located } from "./located.ts";
import { chooseNearest } from "./nearest.ts";
import {
  listFlag,
  type ListOption,
  listValue,
  parseOptionList,
  splitItems,
} from "./option_list.ts";
import type { Report } from "./problem_collector.ts";
import { parseInteger, parseName, parseSize } from "./values.ts";

/** Words that mean something else than a filesystem's name. */
export const CACHE_WORDS: readonly string[] = ["none", "auto", "reset"];

const DEVICE_TAG = /^(?:PARTUUID|LABEL)=[^\s,]+$/;
/** A smaller file is a number whose unit was forgotten: mkswap itself asks for 40 KiB. */
const MIN_SWAP_BYTES = 1 << 20;
/** Documentation/admin-guide/sysctl/vm.rst, "swappiness". */
const MAX_SWAPPINESS = 200;

/** `none`, `auto`, `reset`, `/dev/X`, `PARTUUID=…`, `LABEL=…`, each with `,wipe`, or a name. */
export function parseCacheDevice(value: Located, report: Report): CacheDevice | undefined {
  const [first = value, ...rest] = splitItems(value);
  const draft = { wipe: false };
  const before = report.errors;
  parseOptionList(rest, [listFlag("wipe", "wipe")], draft, report);
  if (report.errors > before) return undefined;
  const { text } = first;
  if (text === "auto" || text === "reset") return { kind: text, ...draft };
  if (text.startsWith("/dev/") || DEVICE_TAG.test(text)) {
    return { kind: "device", device: text, ...draft };
  }
  if (text.startsWith("/") || text.includes("=")) {
    return report.error(
      first,
      "{} is no device",
      "write /dev/…, PARTUUID=…, LABEL=…, auto, reset, none, or the name of a b2c.filesystem",
    );
  }
  if (draft.wipe) return report.error(value, `wipe has no meaning for ${report.masked(first)}`);
  return text === "none" ? { kind: "none" } : parseFilesystemName(first, report);
}

function parseFilesystemName(value: Located, report: Report): CacheDevice | undefined {
  const name = parseName("a filesystem")(value, report);
  if (name === undefined) return undefined;
  report.refer("filesystem", value, chooseNearest(name, CACHE_WORDS));
  return { kind: "filesystem", name };
}

interface SwapDraft {
  swappiness: number | undefined;
}

const SWAP_OPTIONS: readonly ListOption<SwapDraft>[] = [
  listValue("swappiness", "swappiness", parseInteger(0, MAX_SWAPPINESS)),
];

/** `SIZE` or a block device, with `,swappiness=N`; `zram`. */
export function parseSwap(value: Located, report: Report): Swap | undefined {
  const [first = value, ...rest] = splitItems(value);
  const draft: SwapDraft = { swappiness: undefined };
  const before = report.errors;
  parseOptionList(rest, SWAP_OPTIONS, draft, report);
  const swap = parseSwapSpace(first, report, draft.swappiness);
  return report.errors > before ? undefined : swap;
}

function parseSwapSpace(
  value: Located,
  report: Report,
  swappiness: number | undefined,
): Swap | undefined {
  if (value.text === "zram") return { kind: "zram" };
  if (value.text.startsWith("/dev/")) return { kind: "device", device: value.text, swappiness };
  const size = parseSize(value, report);
  if (size === undefined) return undefined;
  if (size >= MIN_SWAP_BYTES) return { kind: "file", size, swappiness };
  const number = Number.parseInt(value.text) || 1;
  return report.error(value, "{} is less than 1 MiB of swap", `write a unit, such as ${number}g`);
}
