/** Who we are at which registry: logins, and files in the format of containers-auth.json(5). */
import { AgentError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "./json_fields.ts";

export type Credential =
  | {
    readonly kind: "password";
    readonly user: string;
    /** Secret. */
    readonly password: string;
  }
  | {
    /** Exchanged for access tokens (the OAuth2 refresh token of a docker login). */
    readonly kind: "identity";
    /** Secret. */
    readonly token: string;
  };

/** Finds the credential for a repository, undefined: anonymous. `host` as references write it. */
export type FindCredential = (host: string, path: string) => Credential | undefined;

/** By key: `host[:port]`, `host/namespace`, `host/namespace/repository`. */
export type CredentialTable = ReadonlyMap<string, Credential>;

/**
 * Parses the text of an auth.json. Entries without a secret (kept by a helper program) are left
 * out.
 * @param name the file, for messages
 * @throws AgentError, which never quotes the text
 */
export function parseAuthFile(name: string, text: string): CredentialTable {
  const table = new Map<string, Credential>();
  for (const [key, entry] of Object.entries(readAuths(name, text))) {
    const credential = parseEntry(name, key, entry);
    if (credential) table.set(normalizeKey(key), credential);
  }
  return table;
}

/** Makes the lookup: tables in order, and in each the most specific path first. */
export function findCredentialIn(tables: readonly CredentialTable[]): FindCredential {
  return (host, path) => {
    const components = path.split("/");
    for (const table of tables) {
      for (let length = components.length; length >= 0; length--) {
        const found = table.get([host, ...components.slice(0, length)].join("/"));
        if (found) return found;
      }
    }
    return undefined;
  };
}

/**
 * Keys have been URLs once: `https://registry.example/v1/`, and Docker's own
 * `https://index.docker.io/v1/` still is.
 */
function normalizeKey(key: string): string {
  const bare = key.replace(/^https?:\/\//, "");
  // Without a scheme a path is a namespace, with one it is the version of an old protocol.
  const named = bare === key ? bare : bare.replace(/\/(v[12]\/?)?$/, "");
  return named.replace(/\/$/, "").replace(
    /^(index\.docker\.io|registry-1\.docker\.io)(\/v[12])?(?=\/|$)/,
    "docker.io",
  );
}

function readAuths(name: string, text: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's message would quote what stands there.
    throw new AgentError(`Cannot read logins of ${name}: it is not JSON`);
  }
  const auths = isJsonObject(parsed) ? parsed.auths ?? {} : undefined;
  if (!isJsonObject(auths)) {
    throw new AgentError(`Cannot read logins of ${name}: it has no "auths"`);
  }
  return auths;
}

function parseEntry(name: string, key: string, entry: unknown): Credential | undefined {
  if (!isJsonObject(entry)) return undefined;
  const { auth, identitytoken, username, password } = entry;
  if (typeof identitytoken === "string" && identitytoken !== "") {
    return { kind: "identity", token: identitytoken };
  }
  if (typeof auth === "string" && auth !== "") {
    const decoded = decodeBase64(auth);
    const colon = decoded?.indexOf(":") ?? -1;
    if (decoded === undefined || colon < 1) {
      throw new AgentError(
        `Cannot read logins of ${name}: "auth" of ${key} is not base64 of USER:PASSWORD`,
      );
    }
    // Some writers pad with NUL.
    const secret = decoded.slice(colon + 1).replace(/\0+$/, "");
    return { kind: "password", user: decoded.slice(0, colon), password: secret };
  }
  if (typeof username === "string" && username !== "" && typeof password === "string") {
    return { kind: "password", user: username, password };
  }
  return undefined;
}

function decodeBase64(text: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
