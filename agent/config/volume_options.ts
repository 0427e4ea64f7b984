/** `b2c.volume`. */
import type { S3Location, SyncMoment, VolumeConfig } from "./config.ts";
import type { Located } from "./located.ts";
import {
  listFlag,
  listItems,
  type ListOption,
  listValue,
  parseOptionList,
  splitItems,
} from "./option_list.ts";
import type { Report } from "./problem_collector.ts";
import { parseS3Location } from "./s3_options.ts";
import { parseChoice, parseList, parseName, parseText } from "./values.ts";

const SYNC_MOMENTS: readonly SyncMoment[] = [
  "pipeline_start",
  "container_start",
  "container_end",
  "pipeline_end",
  "changes",
];

/** The size that fscrypt takes for a master key (Documentation/filesystems/fscrypt.rst). */
const FSCRYPT_KEY_BYTES = 64;

type VolumeDraft =
  & {
    -readonly [K in keyof Omit<VolumeConfig, "name" | "exclude" | "encryptKeys">]: VolumeConfig[K];
  }
  & { mirror: S3Location | undefined; exclude: string[]; encryptKeys: string[] };

const parseMoments = parseList("|", parseChoice(SYNC_MOMENTS));

const VOLUME_OPTIONS: readonly ListOption<VolumeDraft>[] = [
  listValue("mirror", "mirror", parseS3Location),
  listValue("pull_from", "pullFrom", parseS3Location),
  listValue("push_to", "pushTo", parseS3Location),
  listValue("pull_on", "pullOn", parseMoments, { piped: true }),
  listValue("push_on", "pushOn", parseMoments, { piped: true }),
  listFlag("overwrite", "overwrite"),
  listFlag("remove", "remove"),
  listItems("exclude", "exclude", parseText("a pattern")),
  listItems("encrypt_key", "encryptKeys", parseText("a key"), { secret: true }),
  listFlag("preserve", "preserve"),
  listValue("expiration", "expiration", parseChoice(["never", "pipeline_end"])),
  listValue("filesystem", "filesystem", (value, report) => {
    report.refer("filesystem", value);
    return value.text;
  }),
  listValue("fscrypt_key", "fscryptKey", parseFscryptKey, { secret: true }),
  listFlag("fscrypt_reset_key", "fscryptResetKey"),
];

/** `NAME[,options]`. */
export function parseVolume(value: Located, report: Report): VolumeConfig | undefined {
  const before = report.errors;
  const [first = value, ...rest] = splitItems(value);
  const name = parseName("a volume")(first, report);
  const draft: VolumeDraft = {
    mirror: undefined,
    pullFrom: undefined,
    pushTo: undefined,
    pullOn: [],
    pushOn: [],
    overwrite: false,
    remove: false,
    exclude: [],
    encryptKeys: [],
    preserve: false,
    expiration: "never",
    filesystem: undefined,
    fscryptKey: undefined,
    fscryptResetKey: false,
  };
  parseOptionList(rest, VOLUME_OPTIONS, draft, report);
  if (report.errors === before) checkDirections(value, draft, report);
  if (name !== undefined) report.define("volume", first);
  if (name === undefined || report.errors > before) return undefined;
  const { mirror, ...options } = draft;
  return {
    name,
    ...options,
    pullFrom: draft.pullFrom ?? mirror,
    pushTo: draft.pushTo ?? mirror,
  };
}

/** A direction needs a place and a moment; one without the other does nothing. */
function checkDirections(value: Located, draft: VolumeDraft, report: Report): void {
  if (draft.mirror && (draft.pullFrom || draft.pushTo)) {
    report.error(value, "{} gives mirror and also pull_from or push_to: mirror stands for both");
    return;
  }
  const directions = [
    { word: "pull", place: draft.pullFrom, moments: draft.pullOn, placeWord: "pull_from" },
    { word: "push", place: draft.pushTo, moments: draft.pushOn, placeWord: "push_to" },
  ];
  for (const { word, place, moments, placeWord } of directions) {
    if (moments.length > 0 && !place && !draft.mirror) {
      const hint = `write mirror=ALIAS/BUCKET or ${placeWord}=ALIAS/BUCKET`;
      report.error(value, `{} gives ${word}_on, but no place for it`, hint);
    } else if (place && moments.length === 0) {
      const hint = `write ${word}_on=pipeline_${word === "pull" ? "start" : "end"}`;
      report.warn(value, `{} gives ${placeWord}, but is never ${word}ed`, hint);
    }
  }
  if (draft.mirror && draft.pullOn.length + draft.pushOn.length === 0) {
    const hint = "write pull_on=pipeline_start, push_on=pipeline_end, or both";
    report.warn(value, "{} gives mirror, but is never pulled or pushed", hint);
  }
  if (draft.fscryptResetKey && !draft.fscryptKey) {
    report.error(value, "{} gives fscrypt_reset_key without fscrypt_key");
  }
}

function parseFscryptKey(value: Located, report: Report): Uint8Array | undefined {
  const wanted = `${FSCRYPT_KEY_BYTES} bytes in base64 (88 characters)`;
  let bytes: Uint8Array | undefined;
  const digits = /^([A-Za-z0-9+/]+)={0,2}$/.exec(value.text)?.[1] ?? "";
  if (digits.length % 4 !== 1 && digits !== "") {
    bytes = Uint8Array.from(atob(digits), (char) => char.charCodeAt(0));
  }
  if (bytes?.length === FSCRYPT_KEY_BYTES) return bytes;
  const state = bytes ? `is ${bytes.length} bytes long` : "is not base64";
  return report.error(value, `the key ${state}; wanted are ${wanted}`);
}
