/** Which entry of an index is for a platform. */
import { AgentError } from "../errors.ts";
import { quoteForeign } from "../quote_foreign.ts";
import type { Descriptor } from "./image.ts";
import type { ImageIndex, IndexEntry } from "./manifest.ts";
import { classifyManifestType } from "./media_type.ts";
import { type Platform, rankPlatform, renderPlatform } from "./platform.ts";

/** An index for every platform that there is takes less. */
const OFFERED_LENGTH = 400;

/**
 * Chooses the entry that suits best; of equals, the first. An entry that names no platform is
 * taken when it is the only one: the configuration tells then.
 * @param what for messages: `docker.io/library/alpine:latest`
 * @throws AgentError that lists what there is
 */
export function chooseImage(what: string, index: ImageIndex, wanted: Platform): Descriptor {
  // What is left out: attestations (unknown/unknown) and kinds of content made later than this.
  const entries = index.entries.filter((entry) => isUsable(entry) && !isAttestation(entry));
  let best: { readonly entry: IndexEntry; readonly rank: number } | undefined;
  for (const entry of entries) {
    const rank = entry.platform && rankPlatform(entry.platform, wanted);
    if (rank !== undefined && (!best || rank > best.rank)) best = { entry, rank };
  }
  const only = entries.length === 1 && entries[0]?.platform === undefined ? entries[0] : undefined;
  const chosen = best?.entry ?? only;
  if (chosen) return chosen.descriptor;
  const offered = [
    ...new Set(entries.flatMap(({ platform }) => platform ? [renderPlatform(platform)] : [])),
  ];
  throw new AgentError(`Cannot use ${what}: it is not there for ${renderPlatform(wanted)}`, {
    hint: offered.length > 0
      ? `it is there for ${quoteForeign(offered.join(", "), OFFERED_LENGTH)}`
      : "the index is empty",
  });
}

function isUsable({ descriptor }: IndexEntry): boolean {
  const kind = classifyManifestType(descriptor.mediaType);
  return kind === "manifest" || kind === "index";
}

function isAttestation({ descriptor, platform }: IndexEntry): boolean {
  return platform?.os === "unknown" ||
    descriptor.annotations?.["vnd.docker.reference.type"] !== undefined;
}
