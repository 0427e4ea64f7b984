/** Keeps secrets off the console. Everything that is shown passes through here. */

/** What stands where a secret stood. */
export const MASK = "***";

const SECRET_NAME = /secret|token|passw|key|credential/i;

/** True for the name of a variable whose value must not be shown, such as `API_TOKEN`. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Masks user:password@ and signed query values of any URL inside a text. */
export function redactText(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s\/?#"'@]*@/gi, `$1${MASK}@`)
    .replace(
      /([?&][^=&\s"']*(?:sig|token|secret|password|credential|key)[^=&\s"']*=)[^&\s"']+/gi,
      `$1${MASK}`,
    )
    .replace(/\b(Bearer|Basic)\s+[A-Za-z0-9+\/=._~-]+/g, `$1 ${MASK}`);
}

/** Masks URL credentials, and the values of `NAME=value` words whose name tells a secret. */
export function redactArgv(argv: readonly string[]): readonly string[] {
  return argv.map((word) => {
    const assignment = /^(-e|--env=?|--?[a-z-]*=)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word);
    if (assignment && isSecretName(assignment[2] ?? "")) {
      return `${assignment[1] ?? ""}${assignment[2]}=${MASK}`;
    }
    return redactText(word);
  });
}
