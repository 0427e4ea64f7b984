/** Text that others wrote, inside of messages: short, on one line, and without steering anything. */

/** UTF-16 units of it that a message needs at most. */
const LENGTH = 200;

/** Cuts text from outside, and makes visible what is no character to read; a newline is `\n`. */
export function quoteForeign(text: string, length = LENGTH): string {
  return showControls(cutText(text, length)).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** The start of a text, and how much more there was. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length)}… (${text.length - length} characters more)`;
}

/** Makes controls visible, and what turns the direction of text around; keeps newline and tab. */
export function showControls(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex
    /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => {
      const code = character.charCodeAt(0).toString(16).padStart(2, "0");
      return code.length > 2 ? `\\u{${code}}` : `\\x${code}`;
    },
  );
}
