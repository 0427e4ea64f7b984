/** The machine's idea of the time. */
import type { System } from "../sys/system.ts";

/**
 * A machine without a clock battery believes it is 1970 and refuses every certificate. A clock
 * before the build date is certainly wrong, so it is set to that date.
 * @param buildEpochMs milliseconds since 1970
 * @returns true when the clock was set
 */
export function applyClockFloor(sys: System, buildEpochMs: number): boolean {
  if (sys.clock.now() >= buildEpochMs) return false;
  sys.kernel.setTime(buildEpochMs);
  return true;
}
