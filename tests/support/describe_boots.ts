/** Declares the tests of a table of boot cases. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { type BootCase, runBootCase } from "./boot_case.ts";
import { type BootContext, openBootContext } from "./boot_context.ts";

/**
 * Declares one test a case; all share a build and a registry.
 * @param prepare what the cases need besides
 */
export function describeBoots(
  name: string,
  cases: readonly BootCase[],
  prepare?: (context: BootContext) => Promise<void>,
): void {
  describe(name, () => {
    let context: BootContext | undefined;
    beforeAll(async () => {
      context = await openBootContext();
      await prepare?.(context);
    });
    afterAll(async () => await context?.[Symbol.asyncDispose]());

    it.each(cases)("$name", (test) => runBootCase(context!, test));
  });
}
