/** Runs the boot's steps: opens and closes their sections, times them, reports how they ended. */
import { AgentError, describe } from "./errors.ts";
import type { Logger, SectionName } from "./log.ts";

export interface StepOptions<T> {
  /** The console section of this step; none: it runs beside other steps, so it gets lines only. */
  readonly section?: SectionName;
  /** The outcome in a few words, from the step's result. */
  readonly outcome?: (result: T) => string;
  /** A failure is reported and the boot goes on with this value. */
  readonly optional?: { readonly fallback: T };
}

/** Runs one step. The name is a verb phrase that reads well after "Cannot": `bring up network`. */
export type StepRunner = <T>(
  name: string,
  run: () => T | Promise<T>,
  options?: StepOptions<T>,
) => Promise<T>;

/**
 * Makes a step runner.
 * @returns a function that throws AgentError "Cannot <name>" with the cause when a step fails
 */
export function stepRunner(clock: { uptime(): number }, log: Logger): StepRunner {
  return async <T>(
    name: string,
    run: () => T | Promise<T>,
    options: StepOptions<T> = {},
  ): Promise<T> => {
    const started = clock.uptime();
    const seconds = () => `${((clock.uptime() - started) / 1000).toFixed(2)} s`;
    if (options.section) log.startSection(options.section, name);
    try {
      const result = await run();
      const outcome = options.outcome?.(result);
      log.info(`${name}: ${outcome ? `${outcome}, ` : ""}${seconds()}`);
      return result;
    } catch (cause) {
      log.info(`${name}: failed, ${seconds()}`);
      if (options.optional) {
        log.warn(`Cannot ${name}, going on without it\n${describe(cause)}`);
        return options.optional.fallback;
      }
      throw new AgentError(`Cannot ${name}`, { cause });
    } finally {
      if (options.section) log.endSection(options.section);
    }
  };
}
