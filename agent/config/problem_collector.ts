/** Gathers mistakes and secrets while texts are parsed; renders them fit to be shown at the end. */
import type { Problem, ProblemPlace } from "../errors.ts";
import { locate, type Located, type Source, type Span, spanOf } from "./located.ts";
import type { ContainerRole, Publication } from "./publish_checks.ts";
import type { PublishOption } from "./container_config.ts";
import { renderMasked } from "./masked_text.ts";
import type { Token } from "./tokens.ts";

/** What parsers say about the piece of text they were given. */
export interface Report {
  /** The directive as the user wrote its name. */
  readonly directive: string;
  /** Errors so far; a parser compares before and after to see whether it failed. */
  readonly errors: number;
  /** A mistake. `{}` in the message becomes the quoted piece. Returns undefined, for `return`. */
  error(at: Located, message: string, hint?: string): undefined;
  /** Taken, but doubtful. */
  warn(at: Located, message: string, hint?: string): undefined;
  /** This piece must never be shown. */
  secret(at: Located): void;
  /** As text that may be shown, with the secrets known so far masked. */
  masked(at: Located): string;
  /** A name that others refer to. */
  define(kind: NameKind, name: Located): void;
  /** A name that must be defined somewhere; `meant`: what else it may be a misspelling of. */
  refer(kind: NameKind, name: Located, meant?: string): void;
  /** The ports of the machine that a container takes. */
  publish(at: Located, role: ContainerRole, ports: readonly PublishOption[]): void;
  /** This version cannot carry out a part of the directive, such as `=shell`; empty: all of it. */
  lacks(part: string): void;
}

export type NameKind =
  | "filesystem"
  | "s3_endpoint"
  | "volume"
  | "nbd"
  | "interface"
  | "container"
  | "service";

/** A definition of a name, or a reference to one. */
export interface NameUse {
  readonly kind: NameKind;
  readonly name: Located;
  /** The text of the whole value. */
  readonly value: string;
  readonly meant?: string;
  readonly report: Report;
}

interface RawProblem extends Pick<Problem, "severity" | "essential" | "hint"> {
  readonly directive: Located;
  readonly message: string;
  readonly at: Located;
  readonly token: Token;
}

const MAX_QUOTED_LENGTH = 60;
/** What is shown on each side of a mistake. */
const MAX_CONTEXT = 200;
/** A text that is no configuration at all could draw a problem from every character. */
const MAX_PROBLEMS = 500;

/** One for a whole configuration. */
export class ProblemCollector {
  readonly definitions: NameUse[] = [];
  readonly references: NameUse[] = [];
  readonly publications: Publication[] = [];
  /** Names of what was asked for and cannot be carried out, in order, each once. */
  readonly unimplemented = new Set<string>();
  readonly #problems: RawProblem[] = [];
  #hasEssential = false;
  readonly #secrets = new Map<Source, Span[]>();

  /**
   * The report of one directive.
   * @param essential whether an error in it keeps everything from running
   */
  openReport(token: Token, essential: boolean): Report {
    const add = (
      severity: Problem["severity"],
      at: Located,
      message: string,
      hint: string | undefined,
    ) => {
      const isEssential = severity === "error" && essential;
      // The one that keeps everything from running must not be the one too many.
      const isNeeded = isEssential && !this.#hasEssential;
      if (this.#problems.length >= MAX_PROBLEMS && !isNeeded) return undefined;
      this.#hasEssential ||= isEssential;
      const extras = { ...(hint && { hint }), ...(isEssential && { essential: true }) };
      this.#problems.push({ severity, directive: token.key, at, message, token, ...extras });
      return undefined;
    };
    let errors = 0;
    const value = token.value?.text ?? "";
    const directive = token.key.text;
    const report: Report = {
      directive,
      get errors() {
        return errors;
      },
      error(at, message, hint) {
        errors++;
        return add("error", at, message, hint);
      },
      warn: (at, message, hint) => add("warning", at, message, hint),
      secret: (at) => void this.#secretsOf(at.source).push(spanOf(at)),
      masked: (at) => renderMasked(at, this.#secretsOf(at.source)).text,
      define: (kind, name) => void this.definitions.push({ kind, name, value, report }),
      refer: (kind, name, meant) =>
        void this.references.push({ kind, name, value, report, ...(meant && { meant }) }),
      publish: (at, role, ports) => void this.publications.push({ at, role, ports, report }),
      lacks: (part) => void this.unimplemented.add(`${directive}${part}`),
    };
    return report;
  }

  /** Every problem (the first few hundred of very many), in the order of the text. Call it when all is parsed: secrets are known then. */
  problems(sources: readonly Source[]): readonly Problem[] {
    const order = (problem: RawProblem) => sources.indexOf(problem.at.source);
    return this.#problems
      .toSorted((a, b) => order(a) - order(b) || spanOf(a.at).start - spanOf(b.at).start)
      .map((problem) => this.#render(problem));
  }

  #secretsOf(source: Source): Span[] {
    const known = this.#secrets.get(source) ?? [];
    this.#secrets.set(source, known);
    return known;
  }

  #render({ directive, at, token, message, ...extras }: RawProblem): Problem {
    const secrets = this.#secretsOf(at.source);
    const text = renderMasked(at, secrets).text;
    return {
      directive: clip(renderMasked(directive, secrets).text),
      text,
      message: message.replaceAll("{}", () => `"${clip(text)}"`),
      ...extras,
      place: renderPlace(at, token, secrets),
    };
  }
}

function clip(text: string): string {
  return text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;
}

/** The line of the word that holds the mistake (a word may have many), or the part around it. */
function renderPlace(at: Located, token: Token, secrets: readonly Span[]): ProblemPlace {
  const { source } = at;
  const span = spanOf(at);
  const before = span.start > 0 ? source.text.lastIndexOf("\n", span.start - 1) + 1 : 0;
  const after = source.text.indexOf("\n", span.start);
  const lineStart = Math.max(token.start, before);
  const lineEnd = Math.min(token.end, after < 0 ? source.text.length : after);
  const start = Math.max(lineStart, span.start - MAX_CONTEXT);
  const end = Math.min(lineEnd, span.start + MAX_CONTEXT);
  const shown = renderMasked(locate(source, start, end), secrets);
  const lead = start > lineStart ? "…" : "";
  const columnOf = (offset: number) =>
    lead.length +
    (shown.columns[Math.min(Math.max(offset - start, 0), end - start)] ?? shown.text.length);
  const from = columnOf(span.start);
  return {
    source: source.name,
    lineNumber: source.text.slice(0, span.start).split("\n").length,
    line: `${lead}${shown.text}${end < lineEnd ? "…" : ""}`,
    start: from,
    end: Math.max(columnOf(span.end), from),
  };
}
