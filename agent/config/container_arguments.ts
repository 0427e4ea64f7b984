/** Takes the words of a container text apart: options, image, command. */
import { parseArgs } from "node:util";
import { findContainerOption, optionNames, planArgumentTypes } from "./container_option_table.ts";
import { type Located, sliceLocated } from "./located.ts";
import { chooseNearest } from "./nearest.ts";
import type { Report } from "./problem_collector.ts";

/** One option as it was used. */
export interface Argument {
  /** Its long name without dashes, or the unknown letter. */
  readonly name: string;
  /** The word that holds it. */
  readonly word: Located;
  /** undefined: none was given. */
  readonly value: Located | undefined;
}

export interface ContainerArguments {
  readonly options: readonly Argument[];
  readonly image: Located | undefined;
  readonly command: readonly Located[];
}

type ArgumentTypes = ReturnType<typeof planArgumentTypes>;

/** A short flag with a value: pflag, podman's parser, takes `-t=false`; util.parseArgs does not. */
const SHORT_WITH_VALUE = /^-([A-Za-z])=/;
const SINGLE_DASH = /^-([a-z][a-z-]+)(?:=|$)/;

/** Splits words as `podman create` does: options, up to the image; what follows is the command. */
export function parseArguments(words: readonly Located[], report: Report): ContainerArguments {
  const types = planArgumentTypes();
  const shortNames = new Map(
    Object.entries(types).flatMap(([name, { short }]) => short ? [[short, name] as const] : []),
  );
  const args = words.map((word) => normalizeWord(word.text, shortNames));
  const { tokens, end } = tokenize(args, types);
  const options: Argument[] = [];
  let at = 0;
  for (const token of tokens) {
    const word = words[token.index];
    if (!word) continue;
    if (token.index >= at) checkDashes(word, report);
    at = token.index + 1;
    options.push({ name: token.name, word, value: findValue(token, word, words[token.index + 1]) });
  }
  return { options, image: words[end], command: words.slice(end + 1) };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly index: number;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** The options before the first word that is none, and where that word stands. */
function tokenize(
  args: readonly string[],
  types: ArgumentTypes,
): { tokens: readonly OptionToken[]; end: number } {
  for (;;) {
    const { tokens } = parseArgs({
      args: [...args],
      options: types,
      strict: false,
      allowPositionals: true,
      tokens: true,
    });
    const stop = tokens.findIndex((token) => token.kind === "positional");
    const end = tokens[stop]?.index ?? args.length;
    const options = tokens.slice(0, stop < 0 ? tokens.length : stop).filter((token) =>
      token.kind === "option"
    ) as readonly OptionToken[];
    const misspelt = options.find((token) => takesNextWord(token, types));
    if (!misspelt) return { tokens: options, end };
    // Its value must not be taken for the image: read once more, with the name known.
    types[misspelt.name] = { type: "string" };
  }
}

/** True for an unknown option that is probably meant to be one with a value. */
function takesNextWord(token: OptionToken, types: ArgumentTypes): boolean {
  if (Object.hasOwn(types, token.name) || token.inlineValue) return false;
  const near = token.name.length > 1 ? chooseNearest(token.name, optionNames()) : undefined;
  return near !== undefined && findContainerOption(near)?.type === "string";
}

/** The word in a form that util.parseArgs understands; its value stays behind the same `=`. */
function normalizeWord(text: string, shortNames: ReadonlyMap<string, string>): string {
  const letter = SHORT_WITH_VALUE.exec(text)?.[1];
  const name = letter && shortNames.get(letter);
  if (name) return `--${name}${text.slice(2)}`;
  return isLongWithOneDash(text) ? `-${text}` : text;
}

function isLongWithOneDash(text: string): boolean {
  const name = SINGLE_DASH.exec(text)?.[1];
  return name !== undefined && findContainerOption(name) !== undefined;
}

function checkDashes(word: Located, report: Report): void {
  if (!isLongWithOneDash(word.text)) return;
  report.error(word, "{} begins with one dash where two belong", `write -${report.masked(word)}`);
}

function findValue(
  token: OptionToken,
  word: Located,
  next: Located | undefined,
): Located | undefined {
  if (token.value === undefined) return undefined;
  if (!token.inlineValue) return next;
  const equals = word.text.indexOf("=");
  const isLong = word.text.startsWith("--") || SHORT_WITH_VALUE.test(word.text) ||
    isLongWithOneDash(word.text);
  return sliceLocated(word, isLong ? equals + 1 : word.text.length - token.value.length);
}
