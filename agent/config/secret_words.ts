/** Finds secrets in the words of a command, where quotes have told how far a value goes. */
import { isSecretName } from "./secret_spans.ts";

/** `NAME=value`, behind dashes, `-e` or `--env=`; white space in the value was quoted. */
const ASSIGNMENT = /^(?:-e=?|--env=)?-{0,2}([A-Za-z_][A-Za-z0-9_.-]*)=/;
/** podman's way to hand over `user:password`. */
const CREDENTIALS = "--creds";

/**
 * For each word the index from which it is secret; undefined: it is not. Secret are the values
 * of variables and options whose name tells so: `TOKEN=x`, `-eTOKEN=x`, `--token=x`, `--token x`.
 */
export function findSecretStarts(words: readonly string[]): readonly (number | undefined)[] {
  return words.map((word, index) => {
    const before = words[index - 1] ?? "";
    if (isSecretOption(before) && !word.startsWith("-")) return 0;
    const assignment = ASSIGNMENT.exec(word);
    const name = assignment?.[1] ?? "";
    const isSecret = isSecretName(name) || word.startsWith(`${CREDENTIALS}=`);
    return assignment && isSecret ? assignment[0].length : undefined;
  });
}

function isSecretOption(word: string): boolean {
  return word === CREDENTIALS || (/^--[a-z-]+$/i.test(word) && isSecretName(word));
}
