/** What a build is told, with the defaults filled in. */
import { AgentError } from "../../agent/errors.ts";
import {
  type Architecture,
  type ArchitectureName,
  ARCHITECTURES,
  chooseArchitecture,
} from "../architecture.ts";
import type { Flavour } from "../kernel_recipe.ts";

export interface BuildOptions {
  /** Small instead of fast. Default: fast. */
  readonly release?: boolean;
  /** Default: `out` of the project. */
  readonly outputDir?: string;
  /** Called with progress, a line at a time. Default: silent. */
  readonly log?: (line: string) => void;
  /** Default: `out/cache` of the project. */
  readonly cacheDir?: string;
  /** The project whose agent is built. Default: the one that this file belongs to. */
  readonly sourceDir?: string;
  /** Default: this machine's. */
  readonly architecture?: ArchitectureName;
  /** Default: cloud. */
  readonly flavour?: Flavour;
  /** Take the newest packages instead of those in the cache. */
  readonly update?: boolean;
}

/** Absolute paths; nothing left open. */
export interface BuildPlan {
  readonly release: boolean;
  readonly outputDir: string;
  readonly log: (line: string) => void;
  readonly cacheDir: string;
  readonly sourceDir: string;
  /** What is built for. */
  readonly architecture: Architecture;
  /** What is built on. */
  readonly host: Architecture;
  readonly flavour: Flavour;
  readonly update: boolean;
  /** Seconds since 1970; undefined: the newest package's. */
  readonly date: number | undefined;
}

/** @throws AgentError for a SOURCE_DATE_EPOCH that is no number, an unknown architecture */
export function readOptions(options: BuildOptions): BuildPlan {
  const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
  const host = chooseArchitecture(Deno.build.arch);
  const absolute = (path: string) => path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
  return {
    release: options.release ?? false,
    outputDir: absolute(options.outputDir ?? `${project}/out`).replace(/\/+$/, ""),
    log: options.log ?? (() => {}),
    cacheDir: absolute(options.cacheDir ?? `${project}/out/cache`),
    sourceDir: absolute(options.sourceDir ?? project),
    architecture: options.architecture ? ARCHITECTURES[options.architecture] : host,
    host,
    flavour: options.flavour ?? "cloud",
    update: options.update ?? false,
    date: parseSourceDate(Deno.env.get("SOURCE_DATE_EPOCH")),
  };
}

/** The specification of SOURCE_DATE_EPOCH: seconds since 1970, decimal. */
export function parseSourceDate(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new AgentError(`Cannot use SOURCE_DATE_EPOCH: "${text}" is no number of seconds`);
}
