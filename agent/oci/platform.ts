/** Which image of several is for which machine (image-spec, image-index.md "platform object"). */
import { AgentError } from "../errors.ts";

export interface Platform {
  readonly os: string;
  /** Go's name: `amd64`, `arm64`, `arm`, `386`, `riscv64`. */
  readonly architecture: string;
  /** `v1`…`v4` of amd64, `v5`…`v8` of arm, `v8` of arm64; undefined: the architecture's basis. */
  readonly variant?: string;
}

/** Names in use for an architecture, and what they mean. */
const ALIASES: ReadonlyMap<string, readonly [string, string?]> = new Map(
  [
    ["x86_64", ["amd64"]],
    ["x86-64", ["amd64"]],
    ["i386", ["386"]],
    ["i686", ["386"]],
    ["aarch64", ["arm64"]],
    ["armhf", ["arm", "v7"]],
    ["armel", ["arm", "v6"]],
    ["armv7l", ["arm", "v7"]],
    ["armv6l", ["arm", "v6"]],
  ] as const,
);

/**
 * Parses `linux/arm64/v8`, `linux/amd64`, or an architecture alone.
 * @throws AgentError
 */
export function parsePlatform(text: string): Platform {
  const parts = text.trim().toLowerCase().split("/");
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part))) {
    throw new AgentError(`Cannot use platform ${text}: it is not OS/ARCHITECTURE[/VARIANT]`);
  }
  const [os = "linux", architecture = "", variant] = parts.length === 1
    ? ["linux", parts[0]]
    : parts;
  return normalize({ os, architecture, ...(variant === undefined ? {} : { variant }) });
}

/** `linux/arm/v7` */
export function renderPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== undefined).join("/");
}

/**
 * How well an image's platform suits a wanted one: higher is better, undefined: not at all.
 *
 * A CPU runs what was built for an older variant of its architecture. Where the wanted platform
 * names no variant, the basis of the architecture is meant: v1 of amd64, v7 of arm, v8 of arm64.
 */
export function rankPlatform(offered: Platform, wanted: Platform): number | undefined {
  const [have, want] = [normalize(offered), normalize(wanted)];
  if (have.os !== want.os || have.architecture !== want.architecture) return undefined;
  const [level, limit] = [levelOf(have), levelOf(want)];
  if (level === undefined || limit === undefined) {
    return have.variant === want.variant ? 0 : undefined;
  }
  return level <= limit ? level : undefined;
}

function normalize(platform: Platform): Platform {
  const [architecture, implied] = ALIASES.get(platform.architecture) ?? [platform.architecture];
  const written = platform.variant || implied;
  const variant = written && /^\d/.test(written) ? `v${written}` : written;
  return { os: platform.os, architecture, ...(variant === undefined ? {} : { variant }) };
}

const BASIS: ReadonlyMap<string, number> = new Map([["amd64", 1], ["arm", 7], ["arm64", 8]]);

/** The variant as a number, undefined when it is none. */
function levelOf({ architecture, variant }: Platform): number | undefined {
  if (variant === undefined) return BASIS.get(architecture);
  const match = /^v(\d+(?:\.\d+)?)$/.exec(variant);
  return match ? Number(match[1]) : undefined;
}
