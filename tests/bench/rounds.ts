/** What many rounds of measuring come to. Pure. */
import type { Measured } from "./measure_process.ts";

/** A line of the result: one puller, one image, one place to unpack to. */
export interface Series {
  readonly image: string;
  readonly target: string;
  readonly puller: string;
  readonly rounds: readonly Measured[];
}

export interface Summary {
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly medianCpuMs: number;
  /** The highest of all rounds. */
  readonly peakBytes: number;
}

/** @throws RangeError without rounds */
export function summarize(rounds: readonly Measured[]): Summary {
  const times = rounds.map(({ ms }) => ms);
  return {
    medianMs: medianOf(times),
    minMs: Math.min(...times),
    maxMs: Math.max(...times),
    medianCpuMs: medianOf(rounds.map(({ cpuMs }) => cpuMs)),
    peakBytes: Math.max(...rounds.map(({ peakBytes }) => peakBytes)),
  };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) {
    throw new RangeError("Cannot take a median: there are no values");
  }
  return (low + high) / 2;
}

/** A table; each time also as how often the first puller's fits into it. */
export function renderTable(series: readonly Series[]): string {
  const head = ["image", "target", "puller", "median", "min-max", "CPU", "peak", "ratio"];
  const rows = series.map(({ image, target, puller, rounds }) => {
    const sum = summarize(rounds);
    const first = series.find((other) => other.image === image && other.target === target);
    const base = summarize(first?.rounds ?? rounds).medianMs;
    return [
      image,
      target,
      puller,
      seconds(sum.medianMs),
      `${seconds(sum.minMs)}-${seconds(sum.maxMs)}`,
      seconds(sum.medianCpuMs),
      `${Math.round(sum.peakBytes / 1e6)} MB`,
      (sum.medianMs / base).toFixed(2),
    ];
  });
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]!.length))
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => i < 3 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ");
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)]
    .map((text) => `${text.trimEnd()}\n`).join("");
}

/** What must hold between two pullers. */
export interface Bar {
  /** At least this many times as long as the agent. */
  readonly minRatio: number;
  /** Of the agent. */
  readonly maxPeakBytes: number;
}

/** Tells where the first puller misses the bar; empty: nowhere. */
export function findMisses(agent: Summary, peer: Summary, bar: Bar): readonly string[] {
  const ratio = peer.medianMs / agent.medianMs;
  return [
    ...(ratio < bar.minRatio
      ? [`${ratio.toFixed(2)} times as fast, not ${bar.minRatio.toFixed(1)}`]
      : []),
    ...(agent.peakBytes > bar.maxPeakBytes
      ? [`peak of ${Math.round(agent.peakBytes / 1e6)} MB, not ${bar.maxPeakBytes / 1e6} MB`]
      : []),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
