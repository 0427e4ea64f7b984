/** Lines out of a program's output. */

/** A line longer than this is handed on in pieces: a flood without line ends must not grow us. */
const LINE_LIMIT_BYTES = 4096;
const NEWLINE = 10;

/**
 * Hands a stream's lines on, without their ends, as they come. While `write` has not returned,
 * nothing more is read: who writes faster than the console waits.
 */
export async function forwardLines(
  stream: ReadableStream<Uint8Array>,
  write: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const line = new Uint8Array(LINE_LIMIT_BYTES);
  let length = 0;
  const flush = () => {
    write(decoder.decode(line.subarray(0, length)).replace(/\r$/, ""));
    length = 0;
  };
  for await (const chunk of stream) {
    for (const byte of chunk) {
      if (byte === NEWLINE) {
        flush();
        continue;
      }
      if (length === LINE_LIMIT_BYTES) flush();
      line[length++] = byte;
    }
  }
  if (length > 0) flush();
}
