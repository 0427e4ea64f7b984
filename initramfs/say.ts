/** What the host tools tell the person at the keyboard. Standard error: stdout is for results. */

/** Prints one line. */
export function say(line: string): void {
  // deno-lint-ignore no-console -- the development tools' one way to the terminal
  console.error(line);
}
