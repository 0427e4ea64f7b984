/** Who a container's first process runs as, looked up in the container's own files. */
import { AgentError } from "../errors.ts";

/** A line of passwd(5). */
export interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** A line of group(5). */
export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export interface UserDatabase {
  readonly users: readonly PasswdEntry[];
  readonly groups: readonly GroupEntry[];
}

export interface ChosenUser {
  readonly uid: number;
  readonly gid: number;
  /** The primary one first, each once. */
  readonly additionalGids: readonly number[];
  /** Absolute. */
  readonly home: string;
}

/** Ids are signed 32-bit in places of the kernel's interface, and -1 means "leave it". */
const MAX_ID = 2 ** 31 - 1;

/** Parses passwd(5); lines that are not whole are left out. */
export function parsePasswd(text: string): readonly PasswdEntry[] {
  return text.split("\n").flatMap((line): PasswdEntry[] => {
    const [name = "", , uid = "", gid = "", , home = ""] = line.trim().split(":");
    return name !== "" && isId(uid) && isId(gid)
      ? [{ name, uid: Number(uid), gid: Number(gid), home }]
      : [];
  });
}

/** Parses group(5); lines that are not whole are left out. */
export function parseGroup(text: string): readonly GroupEntry[] {
  return text.split("\n").flatMap((line): GroupEntry[] => {
    const [name = "", , gid = "", members = ""] = line.trim().split(":");
    return name !== "" && isId(gid)
      ? [{ name, gid: Number(gid), members: members.split(",").filter((member) => member !== "") }]
      : [];
  });
}

/**
 * Chooses ids, groups and home.
 * @param written `USER`, `USER:GROUP`, `:GROUP`, each a name or a number; empty: root. A number is
 *   always an id, never a name, and need not be in the files
 * @param extraGroups `--group-add`: names or numbers
 * @throws AgentError for a name that is not in the files, and for an id out of range
 */
export function chooseUser(
  written: string,
  database: UserDatabase,
  extraGroups: readonly string[],
): ChosenUser {
  const colon = written.indexOf(":");
  const userText = colon < 0 ? written : written.slice(0, colon);
  const groupText = colon < 0 ? "" : written.slice(colon + 1);
  const { uid, entry } = findUser(userText === "" ? "0" : userText, database);
  const gid = groupText === "" ? entry?.gid ?? 0 : findGroup(groupText, database);
  // Who names a group means that group alone.
  const memberships = entry && colon < 0
    ? database.groups.filter(({ members }) => members.includes(entry.name))
    : [];
  const added = extraGroups.map((group) => findGroup(group, database));
  const additionalGids = [gid, ...memberships.map((group) => group.gid), ...added];
  return {
    uid,
    gid,
    additionalGids: [...new Set(additionalGids)],
    home: entry?.home.startsWith("/") ? entry.home : "/",
  };
}

function findUser(
  text: string,
  { users }: UserDatabase,
): { readonly uid: number; readonly entry: PasswdEntry | undefined } {
  if (isNumber(text)) {
    const uid = parseId(text, "user");
    return { uid, entry: users.find((user) => user.uid === uid) };
  }
  const entry = users.find((user) => user.name === text);
  if (!entry) throw new AgentError(`Cannot run as user ${text}: not in the image's /etc/passwd`);
  return { uid: entry.uid, entry };
}

function findGroup(text: string, { groups }: UserDatabase): number {
  if (isNumber(text)) return parseId(text, "group");
  const entry = groups.find((group) => group.name === text);
  if (!entry) throw new AgentError(`Cannot run as group ${text}: not in the image's /etc/group`);
  return entry.gid;
}

function parseId(text: string, what: "user" | "group"): number {
  if (isId(text)) return Number(text);
  throw new AgentError(`Cannot run as ${what} ${text}: ids go from 0 to ${MAX_ID}`);
}

function isId(text: string): boolean {
  return isNumber(text) && Number(text) <= MAX_ID;
}

function isNumber(text: string): boolean {
  return /^[0-9]+$/.test(text);
}
