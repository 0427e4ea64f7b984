/** Decides which progress is worth a line on a serial console: a dozen characters are a millisecond. */

/** Bytes so far, and bytes in all (0: not known yet). */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

const REPORT_EVERY_MS = 5000;

/**
 * Makes a filter for one transfer: a line when five seconds have gone by since the last one, and
 * none for what is over sooner.
 * @param write gets lines such as `42 % of 210.3 MB, 18.1 MB/s`
 */
export function createProgressReport(
  clock: { uptime(): number },
  write: (line: string) => void,
): (progress: Progress) => void {
  let last = { at: clock.uptime(), done: 0 };
  return ({ done, total }) => {
    const now = clock.uptime();
    if (now - last.at < REPORT_EVERY_MS) return;
    const rate = (done - last.done) / (now - last.at) * 1000;
    write(renderProgress({ done, total }, rate));
    last = { at: now, done };
  };
}

/** `42 % of 210.3 MB, 18.1 MB/s`; without a total `88.4 MB, 18.1 MB/s`. Rate in bytes per second. */
export function renderProgress({ done, total }: Progress, rate: number): string {
  const amount = total > 0
    ? `${Math.floor(done / total * 100)} % of ${renderMegabytes(total)}`
    : renderMegabytes(done);
  return `${amount}, ${renderMegabytes(rate)}/s`;
}

/** `210.3 MB`: powers of ten, as networks are measured. */
export function renderMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
