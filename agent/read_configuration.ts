/** Collects the texts that configure a boot: the kernel command line, and files of the archives. */
import type { Config } from "./config/config.ts";
import { parseConfig } from "./config/parse_config.ts";
import { checkImages } from "./check_images.ts";

/** Holds `*.args` files: for what is too long or too secret for a command line. */
const ARGUMENTS_FOLDER = "/b2c.d";

/** Reads and parses them in order: `/proc/cmdline`, then the files by name. */
export function readConfiguration(): Config {
  const sources = [{ name: "/proc/cmdline", text: Deno.readTextFileSync("/proc/cmdline") }];
  for (const name of readArgumentFiles(ARGUMENTS_FOLDER)) {
    const path = `${ARGUMENTS_FOLDER}/${name}`;
    sources.push({ name: path, text: Deno.readTextFileSync(path) });
  }
  return checkImages(parseConfig(sources));
}

function readArgumentFiles(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)]
      .filter((entry) => entry.isFile && entry.name.endsWith(".args"))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
