/** Container options about privileges, and about which image is taken how. */
import { type ContainerOption, custom, flag, many, single } from "./container_option.ts";
import type { OptionDraft } from "./container_option.ts";
import { type Located, sliceLocated } from "./located.ts";
import { chooseNearest } from "./nearest.ts";
import type { Report } from "./problem_collector.ts";
import { parseBoolean, parseChoice, parsePattern } from "./values.ts";

/** capabilities(7), without the `CAP_`. */
const CAPABILITIES: readonly string[] = [
  ..."AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN".split(" "),
  ..."DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE".split(" "),
  ..."LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE".split(" "),
  ..."NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN".split(" "),
  ..."SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO".split(" "),
  ..."SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM ALL".split(" "),
];
const SECURITY_WORDS = ["no-new-privileges", "seccomp", "label", "apparmor"];
const PULL_POLICIES = ["always", "newer", "missing", "never"] as const;

const parsePlatformPart = parsePattern(/^[a-z0-9_.-]+$/, "{} cannot be part of a platform's name");

export const SECURITY_OPTIONS: readonly ContainerOption[] = [
  flag("privileged", "privileged", "everything that root may do"),
  many("cap-add", "capAdd", "CAPABILITY", "give a capability, or ALL", parseCapability, {
    commas: true,
  }),
  many("cap-drop", "capDrop", "CAPABILITY", "take a capability, or ALL", parseCapability, {
    commas: true,
  }),
  custom(
    "security-opt",
    "OPTION",
    "no-new-privileges, seccomp=unconfined|PROFILE; label and apparmor are ignored",
    applySecurityOption,
  ),
  flag("read-only", "readOnly", "the root filesystem cannot be written"),
  custom("userns", "host", "only host", (_draft, value, report) => {
    if (value.text === "" || value.text === "host") return;
    report.error(value, "{} is refused: containers share the machine's users", "write host");
  }, { repeatable: false }),
  single(
    "pull",
    "pull",
    PULL_POLICIES.join("|"),
    "when to ask the registry",
    (value, report) => parseChoice(PULL_POLICIES)(value, report),
  ),
  flag("tls-verify", "tlsVerify", "=false: http, or https unchecked, will do"),
  single("platform", "platform", "linux/ARCH[/VARIANT]", "platform of the image", parsePlatform),
  single("arch", "arch", "ARCH", "architecture of the image", parsePlatformPart),
  custom("os", "linux", "only linux", (_draft, value, report) => {
    if (value.text !== "linux") report.error(value, "{} cannot run here", "write linux");
  }, { repeatable: false }),
  single("variant", "variant", "VARIANT", "variant of its architecture", parsePlatformPart),
  flag("quiet", "quiet", "no progress of the pull", { short: "q" }),
];

function parseCapability(value: Located, report: Report): string | undefined {
  const name = value.text.toUpperCase().replace(/^CAP_/, "");
  if (CAPABILITIES.includes(name)) return name === "ALL" ? name : `CAP_${name}`;
  const near = chooseNearest(name, CAPABILITIES);
  return report.error(value, "{} is no capability", near && `write CAP_${near}`);
}

function parsePlatform(value: Located, report: Report): string | undefined {
  if (/^linux\/[a-z0-9_.-]+(\/[a-z0-9_.-]+)?$/.test(value.text)) return value.text;
  const hint = "write linux/ARCH, such as linux/arm64";
  return report.error(value, "{} is not a platform that can run here", hint);
}

/** `WORD`, `WORD=VALUE`, or the older `WORD:VALUE`. */
function applySecurityOption(draft: OptionDraft, value: Located, report: Report): void {
  const [, word = "", setting] = /^([a-z-]+)(?:[=:](.*))?$/s.exec(value.text) ?? [];
  const rest = sliceLocated(value, value.text.length - (setting ?? "").length);
  switch (word) {
    case "no-new-privileges":
      draft.noNewPrivileges = setting === undefined || (parseBoolean(rest, report) ?? false);
      return;
    case "seccomp":
      if (setting) draft.seccomp = setting;
      else report.error(value, "{} names no profile", "write seccomp=unconfined or seccomp=PATH");
      return;
    case "label":
    case "apparmor":
      // Our kernels run neither SELinux nor AppArmor policies.
      return;
    case "mask":
    case "unmask":
    case "proc-opts":
      report.error(value, "{} is refused: which of /proc is hidden cannot be chosen");
      return;
    default: {
      const near = chooseNearest(word, SECURITY_WORDS);
      const known = `known are ${SECURITY_WORDS.join(", ")}`;
      report.error(value, `{} is no security option: ${known}`, near && `write ${near}`);
    }
  }
}
