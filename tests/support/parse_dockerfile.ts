/** What a Dockerfile's first stage does, for a test that does the same without Docker. */

export interface BuildStage {
  /** What is copied from the project: sources and the place for them, in order. */
  readonly copies: readonly { readonly from: readonly string[]; readonly to: string }[];
  /** Shell commands, in order. */
  readonly runs: readonly string[];
}

/**
 * Reads the first stage: its COPY and RUN lines, in their shell form.
 * @throws Error for an instruction that the test would have to know and does not
 */
export function parseDockerfile(text: string): BuildStage {
  const copies: { from: readonly string[]; to: string }[] = [];
  const runs: string[] = [];
  let stages = 0;
  const lines = text.replace(/\\\n/g, " ").split("\n").map((line) => line.trim());
  for (const line of lines.filter((each) => each !== "" && !each.startsWith("#"))) {
    const [instruction = "", ...words] = line.split(/\s+/);
    if (instruction === "FROM") stages++;
    if (stages > 1) break;
    switch (instruction) {
      case "FROM":
      case "WORKDIR":
        break;
      case "COPY":
        copies.push({ from: words.slice(0, -1), to: words.at(-1) ?? "" });
        break;
      case "RUN":
        runs.push(words.join(" "));
        break;
      default:
        throw new Error(`Cannot follow ${instruction}: only FROM, WORKDIR, COPY and RUN are known`);
    }
  }
  return { copies, runs };
}
