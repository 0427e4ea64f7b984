/** The script by which a machine's iPXE boots the agent. */
import { renderCommandLine } from "../initramfs/command_line.ts";
import { escapeWords } from "./escape_words.ts";

/** What a machine is to boot. */
export interface BootScript {
  /** Where kernel and archives are, without a slash at the end. */
  readonly url: string;
  /** Words for the kernel command line, as they are. */
  readonly append: string;
  /** Values of `b2c.run`, unquoted. */
  readonly runs: readonly string[];
}

export const KERNEL_FILE = "vmlinuz";
/** In the order in which the kernel unpacks them. */
export const ARCHIVE_FILES = ["initramfs.cpio.zst", "modules.cpio.zst"] as const;

/** Seconds between two tries at most; it begins with one and doubles. */
const LONGEST_DELAY = 32;

/**
 * Renders the script. It tries until it succeeds: a boot server may start after its machines.
 * @throws AgentError when the command line cannot be carried, or is too long
 */
export function renderBootScript(script: BootScript): string {
  const { url } = script;
  // UEFI kernels find their archives by these words; others take no notice.
  const initrds = ARCHIVE_FILES.map((file) => `initrd=${file}`);
  const line = escapeWords(renderCommandLine([...initrds, script.append], script.runs));
  return [
    "#!ipxe",
    ...line.settings.map((setting) => `set ${setting}`),
    "set delay:int32 1",
    "",
    ":try",
    "isset ${ip} || dhcp || goto failed",
    `kernel ${url}/${KERNEL_FILE} ${line.text} || goto failed`,
    ...ARCHIVE_FILES.map((file) => `initrd ${url}/${file} || goto failed`),
    "boot || goto failed",
    "",
    ":failed",
    `echo Cannot boot from ${url}, next try in \${delay} s`,
    "sleep ${delay}",
    `iseq \${delay} ${LONGEST_DELAY} || inc delay \${delay}`,
    "imgfree",
    "goto try",
    "",
  ].join("\n");
}
