/** What a token server answers (distribution-spec, token authentication; RFC 6749, 5.1). */
import { AgentError } from "../errors.ts";
import { fieldsOf, parseJsonObject } from "./json_fields.ts";

export interface AccessToken {
  /** Secret. */
  readonly token: string;
  readonly lifetimeMs: number;
}

/** What is assumed when nothing is said, and the least that a token may live. */
const LEAST_LIFETIME_S = 60;

/**
 * Parses the JSON body.
 * @param what for messages: `token from auth.example`
 * @throws AgentError, which never quotes the body
 */
export function parseTokenResponse(what: string, bytes: Uint8Array): AccessToken {
  const object = parseJsonObject(what, bytes);
  const fields = fieldsOf(what, object);
  const token = fields.text("token") || fields.text("access_token");
  if (!token) throw new AgentError(`Cannot use ${what}: there is none in the answer`);
  // It becomes part of a header.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new AgentError(`Cannot use ${what}: it holds what a header cannot`);
  }
  const seconds = typeof object.expires_in === "number" ? object.expires_in : 0;
  return { token, lifetimeMs: Math.max(LEAST_LIFETIME_S, seconds) * 1000 };
}
