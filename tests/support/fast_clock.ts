/** A clock that runs ahead: a wait of a minute is over in a moment, and everything agrees on it. */
import { type Clock, realClock } from "../../agent/sys/clock.ts";
import { openSystem, type System } from "../../agent/sys/system.ts";

/** @param factor how many milliseconds go by in a real one */
export function fastClock(factor: number): Clock {
  const [realNow, realUptime] = [realClock.now(), realClock.uptime()];
  const ahead = () => (realClock.uptime() - realUptime) * factor;
  return {
    now: () => realNow + ahead(),
    uptime: () => realUptime + ahead(),
    sleep: (ms, signal) => realClock.sleep(ms / factor, signal),
  };
}

/** This machine, with such a clock. The waits of a retry take 1/50 of their time by default. */
export function openFastSystem(factor = 50): System {
  return { ...openSystem(), clock: fastClock(factor) };
}
