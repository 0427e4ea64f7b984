/** The groups of tests, and what each needs. */
import { build } from "../../initramfs/build.ts";
import { ensureHostPackages, IMAGE_PACKAGES, VM_PACKAGES } from "../../initramfs/host/packages.ts";
import { say } from "../../initramfs/say.ts";
import type { TestGroup } from "./run_group.ts";

/** What a person names: one of them may be several groups. */
export type GroupName = "unit" | "integration" | "boot";

export const GROUP_NAMES: readonly GroupName[] = ["unit", "integration", "boot"];

const MINUTE_MS = 60_000;

/**
 * Describes the groups of a name.
 * @param deno the program to run them with
 * @param reports the folder for their reports
 * @param packages npm packages that the unit tests need under vitest, `NAME@VERSION`
 */
export function planGroups(
  name: GroupName,
  deno: string,
  reports: string,
  packages: readonly string[],
): readonly TestGroup[] {
  const report = `${reports}/${name}.xml`;
  const denoTest = [deno, "test", "--quiet", "-A", "--lock=deno.lock", `--junit-path=${report}`];
  switch (name) {
    case "unit":
      return [
        {
          name: "unit",
          argv: [...denoTest, "--parallel", "--reporter=dot", "tests/unit"],
          report,
          limitMs: 5 * MINUTE_MS,
          live: false,
        },
        {
          name: "unit, vitest",
          argv: [
            ...["npx", "-y", ...packages.map((each) => `--package=${each}`), "--"],
            ...["vitest", "run", "--config", "tests/vitest.config.ts"],
            ...["--reporter=default", "--reporter=junit"],
            `--outputFile.junit=${reports}/vitest.xml`,
            "tests/unit",
          ],
          report: `${reports}/vitest.xml`,
          limitMs: 5 * MINUTE_MS,
          live: false,
        },
      ];
    case "integration":
      return [{
        name,
        argv: [...denoTest, "tests/integration"],
        report,
        limitMs: 20 * MINUTE_MS,
        live: true,
        prepare: () => ensureHostPackages(IMAGE_PACKAGES),
      }];
    case "boot":
      return [{
        name,
        argv: [...denoTest, "tests/boot"],
        report,
        limitMs: 20 * MINUTE_MS,
        live: true,
        prepare: async () => {
          await ensureHostPackages([...VM_PACKAGES, ...IMAGE_PACKAGES]);
          await build({ log: say });
        },
      }];
  }
}

/** The npm packages in an import map, as `NAME@VERSION`, each once. */
export function parsePackages(imports: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.values(imports).flatMap((from) =>
    /^npm:((?:@[^/]+\/)?[^/]+)/.exec(from)?.[1] ?? []
  );
  return [...new Set(names)];
}
