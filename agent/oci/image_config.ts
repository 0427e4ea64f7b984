/** Image configurations (image-spec, config.md). */
import { AgentError } from "../errors.ts";
import { quoteForeign } from "../quote_foreign.ts";
import { isDigest } from "./digest.ts";
import type { ImageConfig, ImageRunConfig } from "./image.ts";
import { fieldsOf, type JsonObject, omitAbsent, parseJsonObject } from "./json_fields.ts";

/**
 * Parses the configuration blob.
 * @param what for messages: `config of docker.io/library/alpine:latest`
 * @throws AgentError naming the field that is wrong
 */
export function parseImageConfig(what: string, bytes: Uint8Array): ImageConfig {
  const object = parseJsonObject(what, bytes);
  const fields = fieldsOf(what, object);
  const [architecture, os] = [fields.text("architecture"), fields.text("os")];
  if (!architecture || !os) {
    throw new AgentError(`Cannot use ${what}: it does not say which platform it is for`);
  }
  const variant = fields.text("variant");
  return {
    architecture,
    os,
    ...(variant ? { variant } : {}),
    config: parseRunConfig(what, fields.object("config") ?? {}),
    diffIds: parseDiffIds(what, fields.object("rootfs") ?? {}),
  };
}

function parseDiffIds(what: string, rootfs: JsonObject): readonly string[] {
  const fields = fieldsOf(`rootfs of ${what}`, rootfs);
  if (fields.text("type") !== "layers") {
    throw new AgentError(`Cannot use ${what}: its root filesystem is not made of layers`);
  }
  const diffIds = fields.texts("diff_ids") ?? [];
  const wrong = diffIds.find((diffId) => !isDigest(diffId));
  if (wrong !== undefined) {
    throw new AgentError(`Cannot use ${what}: diffID ${quoteForeign(wrong)} is no sha256 digest`);
  }
  return diffIds;
}

function parseRunConfig(what: string, object: JsonObject): ImageRunConfig {
  const fields = fieldsOf(what, object);
  return omitAbsent({
    User: fields.text("User"),
    Env: fields.texts("Env"),
    Entrypoint: fields.texts("Entrypoint"),
    Cmd: fields.texts("Cmd"),
    WorkingDir: fields.text("WorkingDir"),
    Volumes: fields.object("Volumes"),
    Labels: fields.textMap("Labels"),
    StopSignal: fields.text("StopSignal"),
    ExposedPorts: fields.object("ExposedPorts"),
  });
}
