/** Progress lines of a build. */

/** Runs a step and tells its name and seconds when it is done. */
export type TimedStep = <T>(name: string, run: () => Promise<T>) => Promise<T>;

export function timedSteps(log: (line: string) => void): TimedStep {
  return async (name, run) => {
    const start = performance.now();
    const result = await run();
    log(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    return result;
  };
}
