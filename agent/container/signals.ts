/** Signal names and numbers of Linux on x86-64 and arm64 (signal(7)). */
import { AgentError } from "../errors.ts";

/** From number 1 on. */
const NAMES = [
  ..."HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT".split(" "),
  ..."CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS".split(" "),
];

/** What glibc leaves to programs: SIGRTMIN to SIGRTMAX. */
const REAL_TIME_MIN = 34;
const REAL_TIME_MAX = 64;

export const SIGKILL = 9;
export const SIGTERM = 15;
/** Ends systemd in order (systemd(1)). */
export const SIGRTMIN_PLUS_3 = REAL_TIME_MIN + 3;

/**
 * Parses a signal: a number, `TERM`, `SIGTERM`, `SIGRTMIN+3`, `RTMAX-1`.
 * @throws AgentError for anything else
 */
export function parseSignal(text: string): number {
  const name = text.trim().toUpperCase().replace(/^SIG/, "");
  const realTime = /^RT(?:MIN(?:\+(\d+))?|MAX(?:-(\d+))?)$/.exec(name);
  const number = /^\d+$/.test(name)
    ? Number(name)
    : realTime
    ? name.startsWith("RTMIN")
      ? REAL_TIME_MIN + Number(realTime[1] ?? 0)
      : REAL_TIME_MAX - Number(realTime[2] ?? 0)
    : NAMES.indexOf(name) + 1;
  const lowest = realTime ? REAL_TIME_MIN : 1;
  if (number < lowest || number > REAL_TIME_MAX) {
    throw new AgentError(`Cannot use signal ${text}: unknown`, {
      hint: "name one as SIGTERM, TERM, 15 or SIGRTMIN+3",
    });
  }
  return number;
}
