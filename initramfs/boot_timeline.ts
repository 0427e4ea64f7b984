/** When a boot did what, from what its console said and when. */
import { parseConsoleLines, parseStampedLine } from "./qemu/console_text.ts";

/** Something that took time. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
}

/** Times are milliseconds since the machine was started; undefined: it has not happened. */
export interface BootTimeline {
  readonly agentStart: number | undefined;
  /** The first line of the first container. */
  readonly firstOutput: number | undefined;
  /** The agent's own steps, in the order in which they ended. */
  readonly steps: readonly Phase[];
}

export interface TimelineWatch {
  /** Takes in a piece of the console. */
  push(text: string, ms: number): void;
  timeline(): BootTimeline;
}

const CONTAINER_START = /section_start:\d+:container_run/;
const CONTAINER_END = /section_end:\d+:container_run/;

/** Watches a console, line by line. */
export function watchTimeline(): TimelineWatch {
  const steps: Phase[] = [];
  let agentStart: number | undefined;
  let firstOutput: number | undefined;
  /** Seconds since the kernel started, while a container runs. */
  let containerStart: number | undefined;
  let containerEnded = false;
  let rest = "";

  const take = (line: string, ms: number) => {
    const shown = parseConsoleLines(line)[0] ?? "";
    const stamped = parseStampedLine(shown);
    if (stamped) {
      agentStart ??= ms;
      if (containerStart !== undefined && containerEnded) {
        steps.push({ name: "container", seconds: stamped.uptime - containerStart });
        containerStart = undefined;
      }
      const step = parseStep(stamped.text);
      if (step) steps.push(step);
    }
    if (CONTAINER_START.test(line)) {
      containerStart = stamped?.uptime;
      containerEnded = false;
    } else if (CONTAINER_END.test(line)) {
      containerEnded = true;
    } else if (containerStart !== undefined && !containerEnded && !stamped && shown !== "") {
      firstOutput ??= ms;
    }
  };

  return {
    push(text, ms) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line, ms);
    },
    timeline: () => ({ agentStart, firstOutput, steps }),
  };
}

/** A step's last line: `name: outcome, 0.20 s`, or without an outcome. */
export function parseStep(text: string): Phase | undefined {
  const match = /^(.+?): (?:.+, )?(\d+\.\d\d) s$/.exec(text);
  return match ? { name: match[1] ?? "", seconds: Number(match[2]) } : undefined;
}

/** A table with one line a phase. */
export function renderPhases(phases: readonly Phase[]): string {
  const width = Math.max(...phases.map((phase) => phase.name.length));
  return phases.map(({ name, seconds }) =>
    `${name.padEnd(width)}  ${seconds.toFixed(2).padStart(6)} s`
  ).join("\n");
}
