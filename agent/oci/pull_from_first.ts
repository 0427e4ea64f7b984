/** Mirrors: whoever fails is passed over, and the registry itself has the last word. */
import { describe, HttpError, TimeoutError } from "../errors.ts";
import type { PullLog } from "./registries.ts";
import type { Registry } from "./registry.ts";

/** What one pull has learned about its mirrors. */
export interface MirrorState {
  /** These cannot be reached: not asked again. */
  readonly dead: Set<Registry>;
  readonly log: PullLog | undefined;
  readonly signal: AbortSignal;
}

/**
 * Does something with the first registry that it succeeds with.
 * @throws the error of the last one
 */
export async function pullFromFirst<T>(
  registries: readonly Registry[],
  state: MirrorState,
  attempt: (registry: Registry) => Promise<T>,
): Promise<T> {
  const last = registries.at(-1);
  for (const registry of registries) {
    if (registry === last) break;
    if (state.dead.has(registry)) continue;
    try {
      return await attempt(registry);
    } catch (error) {
      state.signal.throwIfAborted();
      if (isUnreachable(error)) state.dead.add(registry);
      const reason = describe(error).split("\n")[0];
      state.log?.info(`mirror ${registry.endpoint.host} is passed over: ${reason}`);
    }
  }
  if (!last) throw new TypeError("Cannot pull from nowhere: no registry given");
  return await attempt(last);
}

/** True when nobody answered. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof TimeoutError || (error instanceof HttpError && error.status === 0);
}
