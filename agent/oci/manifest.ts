/** Manifests and indexes (image-spec, manifest.md and image-index.md; Docker's schema 2). */
import { AgentError } from "../errors.ts";
import { quoteForeign } from "../quote_foreign.ts";
import { isDigest } from "./digest.ts";
import type { Descriptor } from "./image.ts";
import { fieldsOf, isJsonObject, type JsonObject, parseJsonObject } from "./json_fields.ts";
import {
  bareMediaType,
  classifyManifestType,
  isImageConfigType,
  parseLayerType,
} from "./media_type.ts";
import type { Platform } from "./platform.ts";

/** One image: its configuration and its layers, lowest first. */
export interface ImageManifest {
  readonly kind: "manifest";
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** Several images, for a machine to choose from. */
export interface ImageIndex {
  readonly kind: "index";
  readonly entries: readonly IndexEntry[];
}

export interface IndexEntry {
  readonly descriptor: Descriptor;
  /** undefined: the index does not tell. */
  readonly platform: Platform | undefined;
}

export type Manifest = ImageManifest | ImageIndex;

/** The kernel takes no more lower folders for one overlay mount (fs/overlayfs, OVL_MAX_STACK). */
const LAYER_LIMIT = 500;

/**
 * Parses what a registry answered.
 * @param what for messages: `manifest of docker.io/library/alpine:latest`
 * @param contentType the header, with whatever parameters; null when there was none
 * @throws AgentError that says what is wrong with it, or what to do about it
 */
export function parseManifest(
  what: string,
  bytes: Uint8Array,
  contentType: string | null,
): Manifest {
  const object = parseJsonObject(what, bytes);
  const kind = chooseKind(what, object, contentType);
  return kind === "index" ? parseIndex(what, object) : parseImageManifest(what, object);
}

/**
 * What a body is. Header, `mediaType` and fields have to agree: an answer that two programs
 * understand differently is how one image passes for another (CVE-2021-41190).
 */
function chooseKind(
  what: string,
  object: JsonObject,
  contentType: string | null,
): "manifest" | "index" {
  const written = fieldsOf(what, object).text("mediaType");
  const header = bareMediaType(contentType ?? "");
  const kinds = [header, written ?? ""].map(classifyManifestType);
  if (object.schemaVersion === 1 || kinds.includes("schema1")) {
    throw new AgentError(`Cannot use ${what}: it is in Docker's schema 1, which is out of use`, {
      hint:
        "push the image again, or convert it: skopeo copy --format=oci docker://OLD docker://NEW",
    });
  }
  if (object.schemaVersion !== 2) {
    throw new AgentError(`Cannot use ${what}: its schemaVersion is not 2`);
  }
  if (written !== undefined && kinds[1] === "unknown") {
    const shown = quoteForeign(written);
    throw new AgentError(`Cannot use ${what}: ${shown} is neither an image nor an index`);
  }
  if (written !== undefined && kinds[0] !== "unknown" && bareMediaType(written) !== header) {
    const [sent, said] = [quoteForeign(header), quoteForeign(written)];
    throw new AgentError(`Cannot use ${what}: sent as ${sent}, but it says it is ${said}`);
  }
  const hasImage = "config" in object || "layers" in object || "fsLayers" in object;
  const hasIndex = "manifests" in object;
  if (hasImage && hasIndex) {
    throw new AgentError(`Cannot use ${what}: it is an image and an index at once`);
  }
  const shape = hasIndex ? "index" : "manifest";
  const told = kinds.find((kind) => kind !== "unknown");
  if (told !== undefined && told !== shape) {
    throw new AgentError(`Cannot use ${what}: it is sent as ${told}, but has the form of ${shape}`);
  }
  return shape;
}

function parseImageManifest(what: string, object: JsonObject): ImageManifest {
  const fields = fieldsOf(what, object);
  const config = parseDescriptor(`config of ${what}`, fields.object("config"));
  if (!isImageConfigType(config.mediaType)) {
    const shown = quoteForeign(config.mediaType);
    throw new AgentError(`Cannot use ${what}: it is no container image but ${shown}`);
  }
  const layers = (fields.list("layers") ?? []).map((layer, index) =>
    parseLayer(`layer ${index + 1} of ${what}`, layer)
  );
  if (layers.length > LAYER_LIMIT) {
    throw new AgentError(
      `Cannot use ${what}: it has ${layers.length} layers, more than ${LAYER_LIMIT}`,
    );
  }
  return { kind: "manifest", config, layers };
}

function parseLayer(what: string, value: unknown): Descriptor {
  const descriptor = parseDescriptor(what, value);
  if (!parseLayerType(descriptor.mediaType)) {
    const shown = quoteForeign(descriptor.mediaType);
    throw new AgentError(`Cannot use ${what}: ${shown} is no type of layer`);
  }
  return descriptor;
}

function parseIndex(what: string, object: JsonObject): ImageIndex {
  const list = fieldsOf(what, object).list("manifests") ?? [];
  const entries = list.map((value, index): IndexEntry => {
    const where = `entry ${index + 1} of ${what}`;
    const descriptor = parseDescriptor(where, value);
    const platform = isJsonObject(value) ? fieldsOf(where, value).object("platform") : undefined;
    return { descriptor, platform: platform && parsePlatformObject(where, platform) };
  });
  return { kind: "index", entries };
}

function parsePlatformObject(what: string, object: JsonObject): Platform {
  const fields = fieldsOf(what, object);
  const variant = fields.text("variant");
  return {
    os: fields.text("os") ?? "",
    architecture: fields.text("architecture") ?? "",
    ...(variant ? { variant } : {}),
  };
}

/**
 * Checks a descriptor (image-spec, descriptor.md).
 * @throws AgentError
 */
function parseDescriptor(what: string, value: unknown): Descriptor {
  if (!isJsonObject(value)) throw new AgentError(`Cannot use ${what}: it is missing`);
  const fields = fieldsOf(what, value);
  const digest = fields.text("digest");
  if (!isDigest(digest)) {
    const shown = quoteForeign(digest ?? "nothing");
    throw new AgentError(`Cannot use ${what}: ${shown} is no sha256 digest`);
  }
  const { size } = value;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw new AgentError(`Cannot use ${what}: ${renderSize(size)} is no size`);
  }
  const urls = fields.texts("urls");
  const annotations = fields.textMap("annotations");
  return {
    mediaType: bareMediaType(fields.text("mediaType") ?? ""),
    digest,
    size,
    ...(urls ? { urls } : {}),
    ...(annotations ? { annotations } : {}),
  };
}

/** What nests deep is too much for JSON.stringify, and tells nobody anything. */
function renderSize(size: unknown): string {
  if (typeof size === "object" && size !== null) {
    return Array.isArray(size) ? "a list" : "an object";
  }
  return quoteForeign(typeof size === "string" ? `"${size}"` : String(size));
}
