/** Image references: what they mean, and their one written form. */
import { AgentError } from "../errors.ts";
import { isDigest } from "./digest.ts";
import type { Digest } from "./image.ts";

/** An image in a registry. At least one of tag and digest is there; the digest decides. */
export interface RegistryReference {
  readonly kind: "registry";
  /** Host, with its port when one was written: `docker.io`, `10.0.2.2:5000`, `[::1]:5000`. */
  readonly host: string;
  /** Repository below the host: `library/alpine`. */
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

/** An image in a file or folder. */
export interface FileReference {
  /** `oci`: a folder in OCI image layout; the others: tar archives. */
  readonly kind: "oci" | "oci-archive" | "docker-archive";
  readonly path: string;
  /** Which image of it, as written after the path; undefined: its only one. */
  readonly name: string | undefined;
}

export type ImageReference = RegistryReference | FileReference;

/** Host and path, as the registry sees them. */
const NAME_LIMIT = 255;

// The grammar of github.com/distribution/reference (reference.go, regexp.go).
const HOST_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/;
const HOST = /^(\[[0-9a-fA-F:]+\]|[^:[\]]+)(?::([0-9]+))?$/;
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;

const FILE_FORMS = ["oci", "oci-archive", "docker-archive"] as const;
const OTHER_FORMS = /^(containers-storage|docker-daemon|dir|ostree|sif|https?):\W/;

/**
 * Parses an image as it stands on a command line: `docker://HOST:PORT/PATH:TAG`, `PATH@sha256:…`,
 * a bare name (from docker.io), `oci:PATH[:TAG]`, `oci-archive:PATH`, `docker-archive:PATH`.
 * @throws AgentError that says which part is wrong
 */
export function parseReference(text: string): ImageReference {
  for (const kind of FILE_FORMS) {
    if (text.startsWith(`${kind}:`)) return parseFileReference(text, kind);
  }
  const bare = text.startsWith("docker://") ? text.slice("docker://".length) : text;
  // `dir:latest` is an image called dir; `dir:/x` cannot be one.
  const other = OTHER_FORMS.exec(bare)?.[1];
  if (other) throw invalid(text, `${other}: is no kind of image that can be used here`);
  return parseRegistryReference(text, bare);
}

/** Its one written form: `docker.io/library/alpine:latest`, `host/path@sha256:…`, `oci:/path:tag`. */
export function renderReference(reference: ImageReference): string {
  if (reference.kind !== "registry") {
    const { kind, path, name } = reference;
    return name === undefined ? `${kind}:${path}` : `${kind}:${path}:${name}`;
  }
  const { host, path, tag, digest } = reference;
  return digest ? `${host}/${path}@${digest}` : `${host}/${path}:${tag}`;
}

function parseFileReference(text: string, kind: FileReference["kind"]): FileReference {
  const rest = text.slice(kind.length + 1);
  const colon = rest.indexOf(":");
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const name = colon < 0 ? undefined : rest.slice(colon + 1);
  if (path === "") throw invalid(text, `no path after ${kind}:`);
  if (name === "") throw invalid(text, "nothing after the last colon");
  return { kind, path, name };
}

function parseRegistryReference(text: string, bare: string): RegistryReference {
  if (bare === "") throw invalid(text, "no name given");
  if (/\s/.test(bare)) throw invalid(text, "it holds white space");
  if (/^[0-9a-f]{64}$/.test(bare)) throw invalid(text, "an image ID is not a name");
  const at = bare.indexOf("@");
  const digest = at < 0 ? undefined : parseDigest(text, bare.slice(at + 1));
  const named = at < 0 ? bare : bare.slice(0, at);
  // A colon before the last slash belongs to the port.
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !TAG.test(tag)) throw invalid(text, `its tag ${describeTag(tag)}`);
  const { host, path } = splitHost(colon < 0 ? named : named.slice(0, colon));
  checkHost(text, host);
  checkPath(text, path);
  if (host.length + 1 + path.length > NAME_LIMIT) {
    throw invalid(text, `its name is longer than ${NAME_LIMIT} characters`);
  }
  return {
    kind: "registry",
    host,
    path,
    tag: tag ?? (digest === undefined ? "latest" : undefined),
    digest,
  };
}

/** The first component is a host when it looks like one; everything else lies at docker.io. */
function splitHost(name: string): { readonly host: string; readonly path: string } {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(0, slash));
  const isHost = /[.:\[]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const host = isHost ? first : "docker.io";
  const path = isHost ? name.slice(slash + 1) : name;
  if (host !== "docker.io" && host !== "index.docker.io") return { host, path };
  return { host: "docker.io", path: path.includes("/") ? path : `library/${path}` };
}

function checkHost(text: string, host: string): void {
  const match = HOST.exec(host);
  const name = match?.[1] ?? "";
  const isName = name.startsWith("[") || name.split(".").every((part) => HOST_NAME.test(part));
  // URL knows what an IPv6 address and a port number may be.
  if (!match || !isName || !URL.canParse(`http://${host}/`)) {
    throw invalid(text, `${host} is no host name`);
  }
}

function checkPath(text: string, path: string): void {
  const wrong = path.split("/").find((part) => !PATH_COMPONENT.test(part));
  if (wrong === undefined) return;
  if (wrong === "") throw invalid(text, "part of its path is empty");
  if (PATH_COMPONENT.test(wrong.toLowerCase())) {
    throw invalid(text, `names in a registry are lower case, ${wrong} is not`);
  }
  throw invalid(text, `${wrong} cannot be part of a path`);
}

function parseDigest(text: string, digest: string): Digest {
  if (isDigest(digest)) return digest;
  const algorithm = /^([a-z0-9+._-]+):[0-9a-f]{32,}$/i.exec(digest)?.[1];
  if (algorithm && algorithm !== "sha256") {
    throw invalid(text, `digests are sha256 here, this one is ${algorithm}`);
  }
  throw invalid(text, "after @ stands sha256: and 64 lower-case hex digits");
}

function describeTag(tag: string): string {
  if (tag === "") return "is empty";
  if (tag.length > 128) return "is longer than 128 characters";
  return `${tag} holds what a tag cannot`;
}

function invalid(text: string, reason: string): AgentError {
  return new AgentError(`Cannot use image ${text || '""'}: ${reason}`, {
    hint: "an image is written HOST[:PORT]/PATH[:TAG][@sha256:DIGEST]",
  });
}
