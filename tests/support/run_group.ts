/** Runs one group of tests in a process of its own. */
import { realSpawn } from "../../agent/sys/spawn.ts";
import { parseJunit, planCounts, type TestCounts } from "./parse_junit.ts";

/** A group of tests: a program that runs them and leaves a JUnit report. */
export interface TestGroup {
  readonly name: string;
  readonly argv: readonly string[];
  /** Where the program leaves its report. */
  readonly report: string;
  readonly limitMs: number;
  /** Shows what it prints as it comes; otherwise only when something has failed. */
  readonly live: boolean;
  /** What the tests need, and nobody can expect to be there. */
  readonly prepare?: () => Promise<void>;
}

export interface GroupResult extends TestCounts {
  readonly name: string;
  readonly ms: number;
}

/**
 * Runs a group. Never throws because of tests: a group that cannot run counts as one failure.
 * @param show prints text
 */
export async function runGroup(
  group: TestGroup,
  show: (text: string) => void,
): Promise<GroupResult> {
  const started = performance.now();
  const { report } = group;
  await Deno.writeTextFile(report, "");
  let output = "";
  const status = await runProgram(group, (text) => {
    output += text;
    if (group.live) show(text);
  });
  const counts = planCounts(parseJunit(await Deno.readTextFile(report)), status);
  if (!group.live && counts.failed > 0) show(output);
  return { name: group.name, ms: performance.now() - started, ...counts };
}

async function runProgram(group: TestGroup, onOutput: (text: string) => void): Promise<number> {
  await using program = realSpawn.start(group.argv, {
    stdout: "piped",
    stderr: "piped",
    // Tests that call deno call this one. Colours are for terminals.
    env: { DENO: Deno.execPath(), NO_COLOR: "1" },
  });
  const timer = setTimeout(() => {
    onOutput(`\n${group.name}: stopped after ${group.limitMs / 1000} s\n`);
    program.kill("SIGTERM");
  }, group.limitMs);
  try {
    await Promise.all([forward(program.stdout, onOutput), forward(program.stderr, onOutput)]);
    return await program.status;
  } finally {
    clearTimeout(timer);
  }
}

async function forward(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onOutput: (text: string) => void,
): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) onOutput(text);
}
