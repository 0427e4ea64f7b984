/** Reading JSON from outside: every field is checked where it is taken. */
import { AgentError } from "../errors.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses bytes as one JSON object.
 * @param what for messages: `manifest of docker.io/library/alpine:latest`
 * @throws AgentError
 */
export function parseJsonObject(what: string, bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AgentError(`Cannot use ${what}: it is not JSON`, { cause });
  }
  if (!isJsonObject(value)) throw new AgentError(`Cannot use ${what}: it is not a JSON object`);
  return value;
}

/** Takes fields out of one JSON object; a field of the wrong type is an error that names it. */
export interface FieldReader {
  /** Null counts as absent: Go's encoder writes it for what is empty. */
  text(name: string): string | undefined;
  texts(name: string): readonly string[] | undefined;
  object(name: string): JsonObject | undefined;
  textMap(name: string): Readonly<Record<string, string>> | undefined;
  list(name: string): readonly unknown[] | undefined;
}

/** Opens a reader; `what` stands in its messages. */
export function fieldsOf(what: string, object: JsonObject): FieldReader {
  function take<T>(
    name: string,
    kind: string,
    accepts: (value: unknown) => value is T,
  ): T | undefined {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (value === undefined || value === null) return undefined;
    if (accepts(value)) return value;
    throw new AgentError(`Cannot use ${what}: its ${name} is not ${kind}`);
  }
  return {
    text: (name) => take(name, "text", isText),
    texts: (name) => take(name, "a list of texts", isTexts),
    object: (name) => take(name, "an object", isJsonObject),
    textMap: (name) => take(name, "a map of texts", isTextMap),
    list: (name) => take(name, "a list", Array.isArray),
  };
}

/** A copy without the fields that are undefined: absent means unset. */
export function omitAbsent<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  return isJsonObject(value) && Object.values(value).every(isText);
}
