/** Problems as a person reads them on a console. */
import type { Problem, ProblemPlace } from "../errors.ts";

const INDENT = "    ";
/** A serial console has 80 columns. */
const WIDTH = 80 - INDENT.length;
/** What is shown at least before the mark, when the start of a long line is cut off. */
const LEAD = 24;

/**
 * Renders each problem as a few lines: what is wrong, the text with the mistake marked, what to
 * write instead. Secrets are masked in problems already.
 * @returns lines joined by line ends, none at the end
 */
export function renderProblems(problems: readonly Problem[]): string {
  const sources = new Set(problems.map((problem) => problem.place?.source));
  return problems.flatMap((problem) => renderProblem(problem, sources.size > 1)).join("\n");
}

function renderProblem(problem: Problem, namesSource: boolean): readonly string[] {
  const { severity, directive, message, place, hint } = problem;
  const isInLine = place && (namesSource || place.lineNumber > 1);
  const where = isInLine ? `${place.source}, line ${place.lineNumber}: ` : "";
  const lines = [`${severity}: ${where}${directive}: ${message}`];
  if (place) lines.push(...renderMark(place));
  if (hint) lines.push(`${INDENT}hint: ${hint}`);
  return lines;
}

/** The line, cut to the console's width around the mistake, and carets below the mistake. */
function renderMark({ line, start, end }: ProblemPlace): readonly string[] {
  const from = line.length <= WIDTH ? 0 : Math.max(0, Math.min(start - LEAD, line.length - WIDTH));
  const to = Math.min(line.length, from + WIDTH);
  const shown = (from > 0 ? "…" : "") + line.slice(from > 0 ? from + 1 : 0, to);
  const cut = to < line.length ? `${shown.slice(0, -1)}…` : shown;
  const marks = Math.max(1, Math.min(end, to) - start);
  return [`${INDENT}${cut}`, `${INDENT}${" ".repeat(start - from)}${"^".repeat(marks)}`];
}
