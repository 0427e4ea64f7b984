/** Waits for what a console says, in order; types on it; notices what must never be said. */

export interface ConsoleExpectOptions {
  /** Types on the console. */
  readonly type: (text: string) => Promise<void>;
  /** What must not appear at any time; strings are looked for as they are. */
  readonly never?: readonly (string | RegExp)[];
  /** Where all of it is kept; named when something goes wrong. */
  readonly transcriptFile?: string;
}

export interface ConsoleExpect {
  /** Takes in what the console said. */
  push(text: string): void;
  /** Says that nothing more will come. */
  end(): void;
  /**
   * Waits for a text or a pattern after the one found last.
   * @returns the match: element 0 is the whole, then the pattern's groups
   * @throws Error with the end of the transcript: not in time, console ended, or forbidden text
   */
  waitFor(wanted: string | RegExp, limitMs: number): Promise<RegExpExecArray>;
  /** Types text. */
  type(text: string): Promise<void>;
  /** @throws Error when something forbidden has appeared */
  check(): void;
  /** Everything said. */
  transcript(): string;
}

const SHOWN_CHARACTERS = 2000;

/** Makes an expectation over a console that is pushed into it. */
export function createConsoleExpect(options: ConsoleExpectOptions): ConsoleExpect {
  const never = (options.never ?? []).map(toPattern);
  let text = "";
  let position = 0;
  let ended = false;
  let waiters: (() => void)[] = [];

  const fail = (reason: string) => {
    const where = options.transcriptFile ? ` (all of it: ${options.transcriptFile})` : "";
    return new Error(
      `${reason}; the console's last words${where}:\n${text.slice(-SHOWN_CHARACTERS)}`,
    );
  };
  const check = () => {
    for (const pattern of never) {
      const match = pattern.exec(text);
      if (match) throw fail(`Console said what it must not: ${match[0]}`);
    }
  };
  const notify = () => {
    const woken = waiters;
    waiters = [];
    for (const wake of woken) wake();
  };

  return {
    push(piece) {
      text += piece;
      notify();
    },
    end() {
      ended = true;
      notify();
    },
    async waitFor(wanted, limitMs) {
      const pattern = toPattern(wanted);
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        notify();
      }, limitMs);
      try {
        for (;;) {
          check();
          const match = pattern.exec(text.slice(position));
          if (match) {
            position += match.index + match[0].length;
            return match;
          }
          if (ended) throw fail(`Console ended before it said ${wanted}`);
          if (late) {
            throw fail(
              `Console did not say ${wanted} within ${Number((limitMs / 1000).toFixed(2))} s`,
            );
          }
          await new Promise<void>((resolve) => waiters.push(resolve));
        }
      } finally {
        clearTimeout(timer);
      }
    },
    type: options.type,
    check,
    transcript: () => text,
  };
}

/** Without the flags that make a pattern remember where it was. */
function toPattern(wanted: string | RegExp): RegExp {
  if (typeof wanted === "string") return new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, ""));
}
