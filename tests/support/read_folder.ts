/** What lies in a folder, with everything a layer can say of it. Root, Linux. */
import { openFileCalls } from "../../agent/sys/file_calls.ts";
import { cString } from "../../agent/sys/kernel.ts";
import { openRawSyscall } from "../../agent/sys/raw_syscall.ts";
import { realSpawn } from "../../agent/sys/spawn.ts";

export interface FoundFile {
  /** Below the folder; bytes that are not UTF-8 as `\xNN`. The folder itself is ".". */
  readonly name: string;
  /** As find(1) has them: `f d l c b p s`. */
  readonly type: string;
  /** 12 bits, octal. */
  readonly mode: string;
  /** `UID:GID` */
  readonly owner: string;
  /** Bytes, of files; else 0. */
  readonly size: number;
  /** Seconds since 1970, a point, nanoseconds past them: a quarter before 1970 is -1.750000000. */
  readonly mtime: string;
  /** Of symlinks. */
  readonly target: string;
  /** Of what is no folder: how many names it has. */
  readonly links: number;
  /** Of devices: `MAJOR:MINOR`. */
  readonly device: string;
  readonly xattrs: Readonly<Record<string, string>>;
  readonly inode: string;
  /** Of files up to 64 KiB with a name in UTF-8. */
  readonly content: string;
}

const isArm64 = Deno.build.arch === "aarch64";
const SYS = { LGETXATTR: isArm64 ? 9 : 192, LLISTXATTR: isArm64 ? 12 : 195 };
const FIELDS = "%P\\t%y\\t%m\\t%U:%G\\t%s\\t%T@\\t%n\\t%i\\t%l\\0";
const MAX_CONTENT_BYTES = 65_536;

/** Reads a folder, sorted by name. */
export async function readFolder(folder: string): Promise<readonly FoundFile[]> {
  // By way of text in latin1, as names need not be UTF-8.
  await using find = realSpawn.start(["find", folder, "-printf", FIELDS], { stdout: "piped" });
  const bytes = new Uint8Array(await new Response(find.stdout).arrayBuffer());
  const text = latin1(bytes);
  const files = text.split("\0").slice(0, -1).map((line) => {
    const [
      path = "",
      type = "",
      mode = "",
      owner = "",
      size,
      time = "",
      links,
      inode = "",
      ...rest
    ] = line.split("\t");
    const name = showName(path);
    const full = path === "" ? folder : `${folder}/${name}`;
    const isReadable = !name.includes("\\x");
    return {
      name: path === "" ? "." : name,
      type,
      mode,
      owner,
      size: type === "f" ? Number(size) : 0,
      mtime: showTime(time),
      target: type === "l" ? showName(rest.join("\t")) : "",
      links: type === "d" ? 1 : Number(links),
      device: isReadable && (type === "c" || type === "b") ? readDevice(full) : "",
      xattrs: isReadable ? readXattrs(full) : {},
      inode,
      content: isReadable && type === "f" && Number(size) <= MAX_CONTENT_BYTES
        ? Deno.readTextFileSync(full)
        : "",
    };
  });
  return files.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** One line for each file; what cannot be compared between two folders is left out. */
export function renderFiles(files: readonly FoundFile[]): string {
  const groups = new Map<string, string>();
  return files.map((file) => {
    // Names of the same file are known by the first of them.
    if (!groups.has(file.inode)) groups.set(file.inode, file.name);
    const same = file.links > 1 ? ` same=${groups.get(file.inode)}` : "";
    const { name, type, mode, owner, size, mtime, target, links, device, xattrs, content } = file;
    return [
      ...[name, type, mode, owner, size, mtime, `links=${links}${same}`],
      ...(target ? [`-> ${target}`] : []),
      ...(device ? [device] : []),
      ...Object.entries(xattrs).map(([key, value]) => `${key}=${JSON.stringify(value)}`),
      ...(content ? [JSON.stringify(content.slice(0, 60))] : []),
    ].join(" ") + "\n";
  }).join("");
}

function readDevice(path: string): string {
  const stat = { mode: 0, inode: 0n, major: 0, minor: 0 };
  openFileCalls().stat(-100, cString(path), stat);
  return `${stat.major}:${stat.minor}`;
}

function readXattrs(path: string): Readonly<Record<string, string>> {
  const call = openRawSyscall();
  const list = new Uint8Array(65_536), value = new Uint8Array(65_536);
  const length = call(SYS.LLISTXATTR, cString(path), list, list.length);
  if (length <= 0) return {};
  const names = new TextDecoder().decode(list.subarray(0, length)).split("\0").slice(0, -1);
  return Object.fromEntries(
    names.sort().map((name) => {
      const size = call(SYS.LGETXATTR, cString(path), cString(name), value, value.length);
      return [name, latin1(value.subarray(0, Math.max(size, 0)))];
    }),
  );
}

/** find(1) gives ten digits, of which the last is always 0. */
function showTime(time: string): string {
  const [seconds = "", digits = ""] = time.split(".");
  return `${seconds}.${digits.slice(0, 9).padEnd(9, "0")}`;
}

function showName(text: string): string {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return text.replace(
      /[\x80-\xff]/g,
      (character) => `\\x${character.charCodeAt(0).toString(16)}`,
    );
  }
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
