/** The users and groups that a container's own files name. */
import { readTextInRoot } from "./path_in_root.ts";
import { parseGroup, parsePasswd, type UserDatabase } from "./users.ts";

/** Reads /etc/passwd and /etc/group of a mounted root; a file that is not there is empty. */
export function readUserDatabase(root: string): UserDatabase {
  return {
    users: parsePasswd(readTextInRoot(root, "/etc/passwd") ?? ""),
    groups: parseGroup(readTextInRoot(root, "/etc/group") ?? ""),
  };
}
