/** The state of a terminal, which programs that die cannot put back. */
import { openRawSyscall, SYS } from "./raw_syscall.ts";

/**
 * Remembers how a terminal is set (tcgetattr(3)) and whether its file blocks (fcntl(2)).
 * @returns a function that puts both back; for what is no terminal, the second alone
 */
export type RememberTerminal = (fd: number) => () => void;

const TCGETS = 0x5401;
const TCSETS = 0x5402;
const TCXONC = 0x540a;
/** Output that was stopped goes on. */
const TCOON = 1;
const F_GETFL = 3;
const F_SETFL = 4;
/** More than the kernel's struct termios has on any machine. */
const TERMIOS_BYTES = 64;

export function openTerminalCalls(): RememberTerminal {
  const call = openRawSyscall();
  return (fd) => {
    const settings = new Uint8Array(TERMIOS_BYTES);
    const isTerminal = call(SYS.IOCTL, fd, TCGETS, settings) === 0;
    const flags = call(SYS.FCNTL, fd, F_GETFL);
    return () => {
      if (isTerminal) {
        // A program may have stopped all output: what is written next would wait for ever.
        call(SYS.IOCTL, fd, TCXONC, TCOON);
        call(SYS.IOCTL, fd, TCSETS, settings);
      }
      if (flags >= 0) call(SYS.FCNTL, fd, F_SETFL, flags);
    };
  };
}
