/**
 * Text that iPXE hands on unchanged.
 *
 * iPXE splits a line at white space, ends a command at the words `||`, `&&` and `;` and at a word
 * that starts with `#`; it knows no quoting. Only then it puts in settings, `${name}`, and does not
 * split again: so settings carry what would be lost (iPXE, src/core/exec.c).
 */
import { AgentError } from "../agent/errors.ts";

export interface EscapedText {
  readonly text: string;
  /** The settings it uses, as `set` commands take them. */
  readonly settings: readonly string[];
}

/** What iPXE fills in as the agent would: the agent's own names for a machine's properties. */
const SHARED_SETTINGS = new Set(["mac", "ip", "hostname", "uuid", "serial"]);

const SIGNS: Readonly<Record<string, string>> = {
  " ": "space",
  "\t": "tab",
  "\n": "newline",
  "#": "hash",
  "|": "bar",
  "&": "ampersand",
  ";": "semicolon",
};

/**
 * Escapes text for the arguments of an iPXE command.
 * @throws AgentError for `${…}`, which iPXE would replace, unless it means the same to the agent
 */
export function escapeWords(text: string): EscapedText {
  for (const [whole, name] of text.matchAll(/\$\{([^}]*)\}?/g)) {
    if (SHARED_SETTINGS.has(name ?? "")) continue;
    throw new AgentError(`Cannot put ${whole} into an iPXE script: iPXE would replace it`, {
      hint: "put the directive into a file /b2c.d/NAME.args of an archive",
    });
  }
  const used = new Set<string>();
  const carry = (sign: string) => {
    used.add(sign);
    return `\${${SIGNS[sign]}:string}`;
  };
  const escaped = text.trim().split(/(\s+)/).map((piece) => {
    if (piece === " ") return piece;
    // More than one space, or another kind: iPXE would make one space of it.
    if (/^\s/.test(piece)) return [...piece].map(carry).join("");
    if (piece.startsWith("#") || ["||", "&&", ";"].includes(piece)) {
      return carry(piece.charAt(0)) + piece.slice(1);
    }
    return piece;
  });
  return {
    text: escaped.join(""),
    settings: [...used].map((sign) => `${SIGNS[sign]}:hex ${toHex(sign)}`),
  };
}

function toHex(sign: string): string {
  return sign.charCodeAt(0).toString(16).padStart(2, "0");
}
