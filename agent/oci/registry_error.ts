/** Errors that registries answer with (distribution-spec, "Error Codes"). */
import { RegistryError } from "../errors.ts";
import type { HttpAnswer } from "../http/client.ts";
import { readSmallBody } from "../http/read_small_body.ts";
import { isRetryableStatus } from "../http/retry.ts";
import { parseRetryAfter } from "../http/retry_after.ts";
import { quoteForeign } from "../quote_foreign.ts";
import { redactText } from "../redact.ts";
import type { System } from "../sys/system.ts";
import { isJsonObject } from "./json_fields.ts";

const ERROR_BODY_BYTES = 64 * 1024;
/** Characters that are looked at, more than are shown: masking makes a text shorter. */
const DETAIL_INPUT = 400;
const DETAIL_LENGTH = 200;
const CODES = 4;

export interface RequestContext {
  readonly method: string;
  /** What was asked for: `docker.io/library/alpine:latest`. */
  readonly what: string;
  /** Of the registry, as b2c.login names it. */
  readonly host: string;
  /** A login went along. */
  readonly loggedIn: boolean;
  /** In place of what the status alone suggests. */
  readonly hint?: string | undefined;
}

/** Reads what an answer with a status of 400 or above says, and makes the error of it. */
export async function readRegistryError(
  sys: System,
  answer: HttpAnswer,
  context: RequestContext,
): Promise<RegistryError> {
  const { response } = answer;
  const body = await readSmallBody(sys, response, { limit: ERROR_BODY_BYTES, what: "error text" })
    // The status says enough.
    .catch(() => new Uint8Array());
  const { codes, detail } = parseErrorBody(body);
  const { status } = response;
  const url = redactText(answer.url);
  const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"), sys.clock.now());
  const hint = context.hint ?? chooseHint(status, context);
  return new RegistryError(
    context.method,
    url,
    status,
    isRetryableStatus(status),
    codes,
    `Cannot get ${context.what}: ${renderState(status, codes, detail, context.host)}`,
    {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(hint === undefined ? {} : { hint }),
    },
  );
}

/** Parses `{"errors":[{"code","message"}]}`; anything else has no codes and no detail. */
export function parseErrorBody(
  body: Uint8Array,
): { readonly codes: readonly string[]; readonly detail: string } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return { codes: [], detail: "" };
  }
  const list = isJsonObject(value) && Array.isArray(value.errors) ? value.errors : [];
  const errors = list.filter(isJsonObject);
  const texts = (name: string) =>
    errors.map((error) => error[name]).filter((text) => typeof text === "string");
  return {
    codes: texts("code").filter((code) => /^[A-Z_]{1,64}$/.test(code)).slice(0, CODES),
    detail: quoteForeign(redactText(texts("message").join("; ").slice(0, DETAIL_INPUT)), Infinity)
      .slice(0, DETAIL_LENGTH),
  };
}

function renderState(
  status: number,
  codes: readonly string[],
  detail: string,
  host: string,
): string {
  const said = [codes.join(" "), detail].filter((text) => text !== "").join(": ");
  const more = said === "" ? `status ${status}` : `status ${status}, ${said}`;
  if (codes.includes("NAME_UNKNOWN")) return `${host} has no such repository (${more})`;
  switch (status) {
    case 401:
    case 403:
      return `${host} refuses access (${more})`;
    case 404:
      return `${host} does not have it (${more})`;
    case 429:
      return `${host} has had too many requests (${more})`;
    default:
      return `${host} answered with ${more}`;
  }
}

function chooseHint(status: number, context: RequestContext): string | undefined {
  if (status !== 401 && status !== 403) return undefined;
  return context.loggedIn
    ? `the login that b2c.login gives for ${context.host} is not enough for this`
    : `b2c.login=${context.host},USER,PASSWORD is the directive to set; or the name is misspelt`;
}
