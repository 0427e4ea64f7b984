/** What a Dockerfile of two stages does, for a test that does the same without Docker. */

/** The first stage builds, the second holds what has been built. */
export interface DockerBuild {
  /** Absolute; the folder in which the commands run. */
  readonly folder: string;
  /** What is copied from the project: sources and the place for them, in order. */
  readonly copies: readonly { readonly from: readonly string[]; readonly to: string }[];
  /** Shell commands, in order. */
  readonly runs: readonly string[];
  /** Absolute paths in the first stage of what goes into the second. */
  readonly results: readonly string[];
}

/**
 * Reads a file whose RUN lines are in their shell form.
 * @throws Error for an instruction that the test would have to know and does not
 */
export function parseDockerfile(text: string): DockerBuild {
  const copies: { from: readonly string[]; to: string }[] = [];
  const runs: string[] = [];
  const results: string[] = [];
  let folder = "/";
  const lines = text.replace(/\\\n/g, " ").split("\n").map((line) => line.trim());
  for (const line of lines.filter((each) => each !== "" && !each.startsWith("#"))) {
    const [instruction = "", ...words] = line.split(/\s+/);
    switch (instruction) {
      case "FROM":
        break;
      case "WORKDIR":
        folder = words[0] ?? "/";
        break;
      case "COPY":
        if (words[0]?.startsWith("--from=")) results.push(...words.slice(1, -1));
        else copies.push({ from: words.slice(0, -1), to: words.at(-1) ?? "" });
        break;
      case "RUN":
        runs.push(words.join(" "));
        break;
      default:
        throw new Error(`Cannot follow ${instruction}: no instruction that is known here`);
    }
  }
  return { folder, copies, runs, results };
}
