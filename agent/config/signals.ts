/** Names of signals, as `--stop-signal` takes them (signal(7)). */
import type { Located } from "./located.ts";
import { chooseNearest } from "./nearest.ts";
import type { Report } from "./problem_collector.ts";

const NAMES: readonly string[] = [
  ..."HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT".split(" "),
  ..."CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS".split(" "),
];
const REAL_TIME = /^RTM(?:IN(?:\+(?:[1-9]|1\d|2\d|30))?|AX(?:-(?:[1-9]|1\d|2\d|30))?)$/;
const MAX_SIGNAL = 64;

/** `SIGTERM`, `term`, `SIGRTMIN+3` or a number. @returns with `SIG` in upper case, or the number */
export function parseSignal(value: Located, report: Report): string | undefined {
  const name = value.text.toUpperCase().replace(/^SIG/, "");
  if (NAMES.includes(name) || REAL_TIME.test(name)) return `SIG${name}`;
  if (/^\d{1,2}$/.test(name) && Number(name) >= 1 && Number(name) <= MAX_SIGNAL) {
    return `${Number(name)}`;
  }
  const near = chooseNearest(name, NAMES);
  return report.error(value, "{} is not a signal", near ? `write SIG${near}` : "such as SIGTERM");
}
