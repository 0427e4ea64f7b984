/**
 * The four seams between the agent and the outside: kernel, processes, clock, network.
 * Files are not a seam: they are real files below a path argument.
 */
import type { Kernel } from "./kernel.ts";
import type { Spawn } from "./spawn.ts";
import type { Clock } from "./clock.ts";
import { openKernel } from "./kernel.ts";
import { realSpawn } from "./spawn.ts";
import { realClock } from "./clock.ts";

/** What functions with effects take as their first argument. */
export interface System {
  /** System calls. */
  readonly kernel: Kernel;
  /** Processes. */
  readonly spawn: Spawn;
  /** Time. */
  readonly clock: Clock;
  /** HTTP. The signature of the web's `fetch`, with Deno's `client` in its options. */
  readonly fetch: Fetch;
}

/** The web's fetch, with Deno's choice of HTTP client (extra roots, proxy). */
export type Fetch = (
  url: string | URL,
  init?: RequestInit & { client?: Deno.HttpClient },
) => Promise<Response>;

/** The machine this process runs on. */
export function openSystem(): System {
  return { kernel: openKernel(), spawn: realSpawn, clock: realClock, fetch: globalThis.fetch };
}
