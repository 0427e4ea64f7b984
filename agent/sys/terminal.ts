/** The state of a terminal, which programs that die cannot put back. */

/**
 * Remembers how a terminal is set (tcgetattr(3)) and whether its file blocks (fcntl(2)).
 * @returns a function that puts both back; for what is no terminal, the second alone
 */
export type RememberTerminal = (fd: number) => () => void;

const SYMBOLS = {
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  fcntl: { parameters: ["i32", "i32", "u64"], result: "i32" },
} as const;

const TCGETS = 0x5401n;
const TCSETS = 0x5402n;
const F_GETFL = 3;
const F_SETFL = 4;
/** More than the kernel's struct termios has on any machine. */
const TERMIOS_BYTES = 64;

export function openTerminalCalls(): RememberTerminal {
  const { symbols: c } = Deno.dlopen("libc.so.6", SYMBOLS);
  return (fd) => {
    const settings = new Uint8Array(TERMIOS_BYTES);
    const isTerminal = c.ioctl(fd, TCGETS, settings) === 0;
    const flags = c.fcntl(fd, F_GETFL, 0n);
    return () => {
      if (isTerminal) c.ioctl(fd, TCSETS, settings);
      if (flags >= 0) c.fcntl(fd, F_SETFL, BigInt(flags));
    };
  };
}
