/** What a failed call says of the archive, and what of the machine. Pure. */
import { AgentError, ArchiveError, SyscallError } from "../errors.ts";
import {
  E2BIG,
  EFBIG,
  EINVAL,
  EISDIR,
  ELOOP,
  EMLINK,
  ENAMETOOLONG,
  ENOENT,
  ENOTDIR,
  EPERM,
  ERANGE,
  errnoName,
} from "../sys/errno.ts";
import { renderName } from "./entry_name.ts";

/** Failures that an archive brings about; all others are the machine's. */
const REASONS: Readonly<Record<number, string>> = {
  [E2BIG]: "an attribute of it is too long",
  [EFBIG]: "the filesystem has no files of its size",
  [EINVAL]: "the kernel finds it invalid",
  [EISDIR]: "a folder is in the way",
  [ELOOP]: "too many symbolic links lead there",
  [EMLINK]: "it has more links than the filesystem keeps",
  [ENAMETOOLONG]: "its path is too long",
  [ENOENT]: "what it refers to is not in this layer",
  [ENOTDIR]: "a part of its path is no folder",
  [EPERM]: "the kernel does not permit it",
  [ERANGE]: "an attribute's name is too long",
};

/** What has a name to tell in a message; asked for only then. */
export interface Named {
  readonly name: Uint8Array;
}

/**
 * The error for a call on an entry.
 * @param call a verb with its preposition, such as `make link`
 * @param result −errno
 */
export function entryError(call: string, entry: Named, result: number): AgentError {
  const shown = renderName(entry.name);
  const cause = new SyscallError(call, shown, errnoName(-result));
  const reason = REASONS[-result];
  return reason === undefined
    ? cause
    : new ArchiveError(shown, `${reason} (${call}: ${cause.code})`, { cause });
}
