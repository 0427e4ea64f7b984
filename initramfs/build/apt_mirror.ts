/** Which of a machine's package sources is Debian's own archive. */

/** Where packages come from. URIs as apt takes them: http, https, mirror+file, file … */
export interface Mirror {
  readonly archive: string;
  /** Some Debians have none in their configuration: unstable, minimal containers. */
  readonly security: string | undefined;
}

/** A suite of a repository that has the component `main`. */
export interface Source {
  readonly uri: string;
  readonly suite: string;
}

/** Suites that are names for a release, whichever it is. */
const RELEASE_NAMES = ["oldoldstable", "oldstable", "stable", "testing", "unstable", "sid"];

/**
 * Parses `apt-get update --print-uris`: apt's own reading of its configuration, in whatever form
 * that is written.
 */
export function parseUpdateUris(text: string): readonly Source[] {
  const sources = text.split("\n").flatMap((line) => {
    const match = /^'(.+?)\/dists\/(.+)\/main\/binary-[^/]+\/Packages[^/]*'/.exec(line);
    return match ? [{ uri: match[1]!, suite: match[2]! }] : [];
  });
  return sources.filter((source, index) =>
    sources.findIndex((each) => each.uri === source.uri && each.suite === source.suite) === index
  );
}

/**
 * Chooses Debian's archive among the sources. Others may have a suite of the same name; Debian's
 * has point updates beside it, or at least a path that says so.
 * @param codename of the machine's own release, such as `bookworm`
 * @returns undefined when none is Debian's
 */
export function chooseMirror(sources: readonly Source[], codename: string): Mirror | undefined {
  const releases = [codename, ...RELEASE_NAMES];
  const likeness = ({ uri, suite }: Source): number =>
    (sources.some((each) => each.uri === uri && each.suite === `${suite}-updates`) ? 2 : 0) +
    (/debian\/?(\.list)?$/.test(uri) ? 1 : 0);
  const [archive] = sources.filter(({ suite }) => releases.includes(suite))
    .map((source, index) => ({ source, index, likeness: likeness(source) }))
    .sort((a, b) => b.likeness - a.likeness || a.index - b.index);
  if (!archive) return undefined;
  const security = sources.find(({ suite }) =>
    releases.some((name) => suite === `${name}-security` || suite === `${name}/updates`)
  );
  return { archive: archive.source.uri, security: security?.uri };
}
