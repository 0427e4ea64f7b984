/** What goes into the archives, as data. */
import type { Entry } from "./build/cpio.ts";

/** A file of a package. For a program, the libraries that it needs come along. */
export interface PackagedFile {
  readonly package: string;
  /** Its path in the package and in the archive. */
  readonly path: string;
  /** Its path in the archive, where that is another. */
  readonly to?: string;
}

/** To add a program is to add its line. */
export const FILES: readonly PackagedFile[] = [
  { package: "busybox-static", path: "usr/bin/busybox", to: "bin/busybox" },
  { package: "crun", path: "usr/bin/crun" },
  // The init of `--init`.
  { package: "catatonit", path: "usr/bin/catatonit" },
  // The seccomp profile of containers that are not privileged.
  { package: "golang-github-containers-common", path: "usr/share/containers/seccomp.json" },
  // Address translation for `--network=bridge`.
  { package: "nftables", path: "usr/sbin/nft" },
];

/** Packages whose programs the build itself runs; nothing of them is in an archive. */
export const TOOL_PACKAGES = ["busybox-static", "kmod"] as const;

/** The agent's own C library: its other libraries are found from its ELF file. */
export const RUNTIME_PACKAGES = ["libc6", "libgcc-s1"] as const;

/**
 * busybox's programs that get a name of their own in /bin: what the agent starts, and what helps a
 * person in a rescue shell. No `sh`: where memory does not suffice to unpack /init, the kernel would
 * start that instead, and leave a root shell on the console of a machine that should have ended.
 */
export const APPLETS: readonly string[] = [
  ..."ash base64 basename blkdiscard blockdev cat chgrp chmod chown chroot clear cmp cp cpio".split(
    " ",
  ),
  ..."cttyhack cut date dd depmod df diff dirname dmesg du echo egrep env expr fallocate".split(
    " ",
  ),
  ..."false fdisk fgrep find findfs free fsfreeze fstrim getopt grep groups gunzip gzip halt".split(
    " ",
  ),
  ..."hexdump hostname hwclock id ifconfig insmod ip kill killall less ln loadkmap losetup ls"
    .split(" "),
  ..."lsmod lsscsi md5sum mkdir mkdosfs mkfifo mknod mkswap mktemp modinfo modprobe more".split(
    " ",
  ),
  ..."mount mv nbd-client nc netstat nslookup nsenter od partprobe pidof ping".split(" "),
  ..."ping6 pivot_root poweroff printf ps pwd readlink realpath reboot reset rm rmdir rmmod".split(
    " ",
  ),
  ..."route sed seq setsid sha256sum sleep sort stat strings stty swapoff swapon switch_root"
    .split(" "),
  ..."sync sysctl tail tar tee telnet test tftp time timeout top touch tr traceroute true".split(
    " ",
  ),
  ..."truncate tty udhcpc udhcpc6 umount uname uniq unshare unxz uptime usleep vi watch wc".split(
    " ",
  ),
  ..."wget which xargs xxd xzcat yes zcat".split(" "),
];

/**
 * udhcpc runs it for each event. It prints the event and all variables, each ended by a NUL, and
 * one more NUL: the agent reads records, and no shell of ours takes them apart.
 */
const LEASE_SCRIPT = `#!/bin/busybox sh
/bin/busybox env -0 EVENT="$1"
printf '\\0'
`;

/** Without this file glibc would ask name servers before it looks into /etc/hosts. */
const NSSWITCH = `passwd: files
group: files
hosts: files dns
`;

const text = (path: string, content: string, mode = 0o644): Entry => ({
  kind: "file",
  path,
  mode,
  data: new TextEncoder().encode(content),
});
const folder = (path: string, mode = 0o755): Entry => ({ kind: "folder", path, mode });
const link = (path: string, target: string): Entry => ({ kind: "link", path, target });

/** What a release says of itself. */
export interface Release {
  readonly version: string;
  /** Seconds since 1970. */
  readonly date: number;
}

/** What comes from no package. */
export function renderOwnEntries(release: Release): readonly Entry[] {
  return [
    ...["dev", "etc", "proc", "root", "run", "storage", "sys", "var"].map((path) => folder(path)),
    folder("tmp", 0o1777),
    // Real folders, not links into /usr: an archive that users append may hold a folder of the same
    // name, and the kernel would put it in the place of a link.
    ...["bin", "lib", "sbin", "usr/bin", "usr/lib", "usr/sbin"].map((path) => folder(path)),
    // PID 1's console, before devtmpfs is mounted.
    { kind: "device", path: "dev/console", mode: 0o600, major: 5, minor: 1 },
    { kind: "device", path: "dev/null", mode: 0o666, major: 1, minor: 3 },
    // The agent's runtime looks for itself there as its first act; hidden once /proc is mounted.
    link("proc/self/exe", "/init"),
    // Where the kernel looks for modprobe when it needs a module.
    link("sbin/modprobe", "/bin/busybox"),
    ...APPLETS.map((name) => link(`bin/${name}`, "busybox")),
    text("etc/passwd", "root:x:0:0:root:/root:/bin/ash\n"),
    text("etc/group", "root:x:0:\ntty:x:5:\n"),
    text("etc/hosts", "127.0.0.1 localhost\n::1 localhost\n"),
    text("etc/nsswitch.conf", NSSWITCH),
    text("etc/os-release", renderOsRelease(release)),
    text("etc/b2c-release", renderB2cRelease(release)),
    text("usr/share/udhcpc/b2c-lease", LEASE_SCRIPT, 0o755),
  ];
}

function renderOsRelease({ version }: Release): string {
  return `NAME="boot2container"\nID=boot2container\nVERSION_ID=${version}\n` +
    `PRETTY_NAME="boot2container ${version}"\n`;
}

/** Lines of `NAME=VALUE`; the date in seconds since 1970 and for people. */
function renderB2cRelease({ version, date }: Release): string {
  const day = new Date(date * 1000).toISOString();
  return `VERSION=${version}\nBUILD_EPOCH=${date}\nBUILD_DATE=${day}\n`;
}
