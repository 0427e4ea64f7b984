/** What the host tools tell the person at the keyboard. */

/** Prints one line, on standard error: stdout is for results. */
export function say(line: string): void {
  // deno-lint-ignore no-console -- the development tools' one way to the terminal
  console.error(line);
}

/** Prints what a machine's console says, as it is. */
export function printConsole(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}
