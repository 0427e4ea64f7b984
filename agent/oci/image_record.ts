/** What a store keeps of an image: a small JSON file. Pure. */
import { AgentError } from "../errors.ts";
import { isDigest } from "./digest.ts";
import type { Digest, ImageConfig } from "./image.ts";
import { parseImageConfig } from "./image_config.ts";
import { fieldsOf, parseJsonObject } from "./json_fields.ts";

export interface ImageRecord {
  readonly reference: string;
  /** Of the manifest. */
  readonly digest: Digest;
  readonly config: ImageConfig;
  /** diffIDs, lowest layer first. */
  readonly layers: readonly Digest[];
  /** Milliseconds since 1970. */
  readonly storedAt: number;
}

/** Files of another version are not read: their images are pulled again. */
const VERSION = "1";

/** The configuration is written as the image-spec has it, so that one parser reads both. */
export function renderImageRecord(record: ImageRecord): string {
  const { config: { diffIds, ...config }, storedAt, ...rest } = record;
  const image = { ...config, rootfs: { type: "layers", diff_ids: diffIds } };
  const text = { version: VERSION, ...rest, image, storedAt: new Date(storedAt).toISOString() };
  return `${JSON.stringify(text, undefined, 1)}\n`;
}

/** Reads one. Undefined: it is none of this version, or not whole. */
export function parseImageRecord(bytes: Uint8Array): ImageRecord | undefined {
  try {
    const what = "record of an image";
    const fields = fieldsOf(what, parseJsonObject(what, bytes));
    const reference = fields.text("reference"), digest = fields.text("digest");
    const layers = fields.texts("layers") ?? [];
    const storedAt = Date.parse(fields.text("storedAt") ?? "");
    const isSound = fields.text("version") === VERSION && reference !== undefined &&
      isDigest(digest) && layers.every(isDigest) && Number.isFinite(storedAt);
    if (!isSound) return undefined;
    const image = new TextEncoder().encode(JSON.stringify(fields.object("image") ?? {}));
    return { reference, digest, config: parseImageConfig(what, image), layers, storedAt };
  } catch (error) {
    if (error instanceof AgentError) return undefined;
    throw error;
  }
}
