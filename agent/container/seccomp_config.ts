/** Turns a profile of containers-common into the `seccomp` of the runtime configuration. */
import { AgentError } from "../errors.ts";
import type { SeccompSpec, SyscallArgumentSpec, SyscallRuleSpec } from "./runtime_spec.ts";

/** A seccomp profile (containers-common, seccomp.json). */
export interface SeccompProfile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number | null;
  readonly archMap?:
    | readonly {
      readonly architecture: string;
      readonly subArchitectures?: readonly string[] | null;
    }[]
    | null;
  /** Of a profile without archMap. */
  readonly architectures?: readonly string[] | null;
  readonly syscalls?: readonly SeccompRule[] | null;
}

interface SeccompRule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number | null;
  readonly args?: readonly SyscallArgumentSpec[] | null;
  readonly includes?: SeccompCondition | null;
  readonly excludes?: SeccompCondition | null;
}

interface SeccompCondition {
  readonly arches?: readonly string[] | null;
  readonly caps?: readonly string[] | null;
  /** `MAJOR.MINOR`. */
  readonly minKernel?: string | null;
}

export interface SeccompFacts {
  readonly architecture: "amd64" | "arm64";
  readonly kernelRelease: string;
  /** The container's bounding set. */
  readonly capabilities: readonly string[];
}

const NATIVE = { amd64: "SCMP_ARCH_X86_64", arm64: "SCMP_ARCH_AARCH64" } as const;

/**
 * Parses a profile's text.
 * @throws AgentError when it is not one
 */
export function parseSeccompProfile(text: string, path: string): SeccompProfile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AgentError(`Cannot use seccomp profile ${path}: it is not JSON`, { cause });
  }
  if (!isProfile(value)) {
    throw new AgentError(`Cannot use seccomp profile ${path}: it has no list of rules`);
  }
  return value;
}

function isProfile(value: unknown): value is SeccompProfile {
  if (typeof value !== "object" || value === null) return false;
  const { defaultAction, syscalls } = value as Record<string, unknown>;
  return typeof defaultAction === "string" &&
    (syscalls === undefined || syscalls === null ||
      Array.isArray(syscalls) && syscalls.every((rule) => Array.isArray(rule?.names)));
}

/** Renders a profile for one container: the rules whose conditions hold, conditions resolved. */
export function renderSeccomp(profile: SeccompProfile, facts: SeccompFacts): SeccompSpec {
  const native = NATIVE[facts.architecture];
  const mapped = profile.archMap?.find(({ architecture }) => architecture === native);
  const architectures = mapped
    ? [mapped.architecture, ...(mapped.subArchitectures ?? [])]
    : profile.architectures ?? [native];
  return {
    defaultAction: profile.defaultAction,
    ...(typeof profile.defaultErrnoRet === "number"
      ? { defaultErrnoRet: profile.defaultErrnoRet }
      : {}),
    architectures,
    syscalls: (profile.syscalls ?? []).filter((rule) => applies(rule, facts)).map(renderRule),
  };
}

function applies(rule: SeccompRule, facts: SeccompFacts): boolean {
  const { includes, excludes } = rule;
  const has = (name: string) => facts.capabilities.includes(name);
  if (includes?.arches?.length && !includes.arches.includes(facts.architecture)) return false;
  if (includes?.caps?.length && !includes.caps.every(has)) return false;
  if (includes?.minKernel && !isAtLeast(facts.kernelRelease, includes.minKernel)) return false;
  if (excludes?.arches?.includes(facts.architecture)) return false;
  if (excludes?.caps?.some(has)) return false;
  return !(excludes?.minKernel && isAtLeast(facts.kernelRelease, excludes.minKernel));
}

function isAtLeast(release: string, wanted: string): boolean {
  const [major = 0, minor = 0] = release.split(".").map((part) => parseInt(part, 10));
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split(".").map((part) => parseInt(part, 10));
  return major > wantedMajor || major === wantedMajor && minor >= wantedMinor;
}

function renderRule({ names, action, errnoRet, args }: SeccompRule): SyscallRuleSpec {
  return {
    names,
    action,
    ...(typeof errnoRet === "number" ? { errnoRet } : {}),
    ...(args?.length ? { args } : {}),
  };
}
