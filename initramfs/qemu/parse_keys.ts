/** Keys for the runner itself among those for the machine, as QEMU's users know them. */

const PREFIX = "\x01";

export interface ParsedKeys {
  /** What goes to the machine. */
  readonly text: string;
  /** Ctrl-A X was typed: the machine is to be stopped. */
  readonly stop: boolean;
  /** The text ended in Ctrl-A: pass it on to the next call. */
  readonly pending: boolean;
}

/** Sorts keys: Ctrl-A X stops, Ctrl-A Ctrl-A is one Ctrl-A, all else is the machine's. */
export function parseKeys(typed: string, pending: boolean): ParsedKeys {
  let text = "";
  for (const key of typed) {
    if (!pending) {
      pending = key === PREFIX;
      if (!pending) text += key;
      continue;
    }
    if (key === "x" || key === "X") return { text, stop: true, pending: false };
    text += key === PREFIX ? PREFIX : PREFIX + key;
    pending = false;
  }
  return { text, stop: false, pending };
}
