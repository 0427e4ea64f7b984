/** Whether a service that has ended starts again (podman-run(1), `--restart`). */
import type { RestartPolicy } from "../config/container_config.ts";
import { assertNever } from "../errors.ts";

const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 60_000;

/**
 * Plans the wait before a restart: it doubles each time, so that a service that cannot run does
 * not take the machine's time from those that can.
 * @param restarts how often it was started again so far
 * @returns milliseconds; undefined: it stays down
 */
export function planRestart(
  policy: RestartPolicy,
  exitCode: number,
  restarts: number,
): number | undefined {
  return isWanted(policy, exitCode, restarts)
    ? Math.min(FIRST_DELAY_MS * 2 ** restarts, LAST_DELAY_MS)
    : undefined;
}

function isWanted({ kind, retries }: RestartPolicy, exitCode: number, restarts: number): boolean {
  switch (kind) {
    case "no":
      return false;
    case "always":
    case "unless-stopped":
      return true;
    case "on-failure":
      return exitCode !== 0 && (retries === undefined || restarts < retries);
    default:
      return assertNever(kind);
  }
}
