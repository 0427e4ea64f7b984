/** Texts in, typed configuration out. */
import type { Config } from "./config.ts";
import { type ConfigDraft, emptyDraft } from "./config_draft.ts";
import type { Directive } from "./directive.ts";
import { directiveNames, findDirective } from "./directives.ts";
import { locate, type Located, type Source } from "./located.ts";
import { addModuleOption } from "./machine_options.ts";
import { checkNames } from "./name_checks.ts";
import { chooseNearest } from "./nearest.ts";
import { ProblemCollector, type Report } from "./problem_collector.ts";
import { checkPublications } from "./publish_checks.ts";
import { parseTokens, type Token } from "./tokens.ts";
import { checkCharacters, checkPresence, checkQuote, hideSecrets } from "./word_checks.ts";

/** How a directive was used last. */
interface Use {
  readonly source: Source;
  readonly value: Located;
  readonly report: Report;
}

/** Looks like a directive; a kernel parameter or another program's word does not. */
const OWN_WORD = /^b2c[._-]/i;
const PREFIX = "b2c.";
const MODULE_OPTION = /^([A-Za-z0-9][A-Za-z0-9_-]*)\.(.+)$/;

/**
 * Parses the texts that configure a boot, in order: later ones win for single values, lists
 * append. Every mistake becomes a problem; nothing is thrown.
 *
 * When `extraArguments` comes out, the configuration is not whole yet: parse again with the text
 * it names as one more source, and heed only the problems of that.
 */
export function parseConfig(sources: readonly Source[]): Config {
  const collector = new ProblemCollector();
  const draft = emptyDraft();
  const uses = new Map<Directive, Use>();
  const others: Token[] = [];
  for (const source of sources) {
    for (const token of parseTokens(source)) {
      const directive = findDirective(token.key.text);
      if (directive) applyDirective(directive, token, draft, uses, collector);
      else if (OWN_WORD.test(token.key.text)) reportUnknown(token, collector);
      else {
        others.push(token);
        checkQuote(token, collector);
      }
    }
  }
  for (const token of others) applyModuleOption(token, draft);
  checkNames(draft, collector.definitions, collector.references);
  checkPublications(collector.publications);
  checkSwap(draft, uses);
  return {
    ...draft,
    unimplemented: [...collector.unimplemented],
    problems: collector.problems(sources),
  };
}

function applyDirective(
  directive: Directive,
  token: Token,
  draft: ConfigDraft,
  uses: Map<Directive, Use>,
  collector: ProblemCollector,
): void {
  const { essential = false } = directive;
  const report = collector.openReport(token, essential);
  const { source } = token.key;
  const value = token.value ?? locate(source, token.end, token.end);
  hideSecrets(value, report);
  if (!checkQuote(token, collector)) return;
  if (!checkCharacters(value, report)) return;
  const isBare = directive.bare !== undefined && !token.value;
  if (!isBare && !checkPresence(directive, token, report)) return;
  const earlier = uses.get(directive);
  if (!directive.repeatable && earlier?.source === source && earlier.value.text !== value.text) {
    report.warn(token.key, "the directive is given before as well; this later one counts");
  }
  uses.set(directive, { source, value, report });
  directive.apply(draft, isBare ? impliedValue(directive) : value, report);
  if (report.errors === 0) reportLack(directive, value.text, report);
}

/** What a directive without `=` stands for. */
function impliedValue({ bare, name }: Directive): Located {
  const text: string = bare ?? "";
  return locate({ name, text }, 0, text.length);
}

function reportUnknown(token: Token, collector: ProblemCollector): void {
  const report = collector.openReport(token, false);
  // Whatever it was meant to be may have been secret.
  if (token.value) report.secret(token.value);
  checkQuote(token, collector);
  const word = token.key.text.toLowerCase().replace(OWN_WORD, "").replaceAll("-", "_");
  const candidates = directiveNames().filter((name) => name.startsWith(PREFIX));
  const near = chooseNearest(word, candidates.map((name) => name.slice(PREFIX.length)));
  const hint = near ? `did you mean ${PREFIX}${near}?` : "agent directives lists them all";
  report.warn(token.key, "no such directive: the word is ignored", hint);
}

/** A directive that is parsed, but not carried out, must not be passed over in silence. */
function reportLack({ implemented }: Directive, value: string, report: Report): void {
  if (implemented === false) report.lacks("");
  else if (implemented !== true && !implemented.includes(value)) report.lacks(`=${value}`);
}

/** `amdgpu.si_support=1` is an option of the module amdgpu, if that is to be loaded. */
function applyModuleOption(token: Token, draft: ConfigDraft): void {
  const match = MODULE_OPTION.exec(token.key.text);
  if (!match) return;
  const [, module = "", name = ""] = match;
  addModuleOption(draft.modules, module, token.value ? `${name}=${token.value.text}` : name);
}

function checkSwap(draft: ConfigDraft, uses: ReadonlyMap<Directive, Use>): void {
  if (draft.swap?.kind !== "file" || draft.cacheDevice.kind !== "none") return;
  for (const [{ name }, { value, report }] of uses) {
    if (name !== "b2c.swap") continue;
    report.warn(value, "{} needs a cache to put the file on", "add b2c.cache_device=auto");
  }
}
