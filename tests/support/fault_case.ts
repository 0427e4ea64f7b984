/** One thing that a registry does, and what comes of it for whoever asks. */
import { expect } from "vitest";
import { describe } from "../../agent/errors.ts";
import { openFastSystem } from "./fast_clock.ts";
import type { Fault } from "./fault.ts";
import {
  type FaultRegistry,
  type FaultRegistryOptions,
  startFaultRegistry,
} from "./fault_registry.ts";
import { type FetchOptions, type FetchResult, fetchWholeImage } from "./fetch_image.ts";
import { makeMemoryImage, type MemoryImage, sha256 } from "./memory_image.ts";

export const MIB = 1 << 20;

/** Bytes that do not compress; what they are does not matter, only that they are the same ones. */
export function noise(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

/** 3 MiB. One layer, so that a fault for a layer is for this one. */
export const TAR = noise(3 * MIB);
export const IMAGE = makeMemoryImage({ layers: [TAR], compression: "none" });

export interface FaultCase {
  readonly name: string;
  readonly faults?: readonly Fault[];
  readonly image?: MemoryImage;
  readonly auth?: FaultRegistryOptions["auth"];
  readonly options?: FetchOptions;
  /** undefined: everything comes through. */
  readonly error?: abstract new (...args: never[]) => Error;
  /** Parts of what is shown for the error. */
  readonly says?: readonly string[];
  /** What is asked for after the ping, `METHOD place`; a range is added to it. */
  readonly asks?: readonly string[];
}

/** Fetches `a/b:1` of a registry that is like that, on a clock that is 50 times as fast. */
export async function runFaults(
  { faults = [], image = IMAGE, auth, options = {} }: Omit<FaultCase, "name">,
): Promise<{ result: FetchResult; asks: readonly string[] }> {
  await using registry = startFaultRegistry({
    images: { "a/b:1": image, "a/b:2": image },
    faults,
    ...(auth ? { auth } : {}),
  });
  const result = await fetchWholeImage(openFastSystem(50), `${registry.address}/a/b:1`, options);
  return { result, asks: asked(registry) };
}

/** What was asked for after the ping, `METHOD place`, and a range if there was one. */
export function asked(registry: FaultRegistry): readonly string[] {
  return registry.seen
    .map(({ method, place, headers }) => [method, place, headers.range].filter(Boolean).join(" "))
    .slice(1);
}

/** Fetches, and compares with what the case says. */
export async function checkFaultCase(row: FaultCase): Promise<void> {
  const { image = IMAGE } = row;
  const { result, asks } = await runFaults(row);
  if (!row.error) {
    expect(result.error).toBeUndefined();
    expect(result.layers.map(sha256)).toEqual(image.layerDigests);
  } else {
    expect(result.error).toBeInstanceOf(row.error);
  }
  const shown = describe(result.error);
  for (const part of row.says ?? []) expect(shown).toContain(part);
  expect(shown).not.toContain("hunter2");
  if (row.asks) expect(asks).toEqual(row.asks);
}

/** What is asked for when nothing is wrong. */
export const PLAIN = ["GET manifest", "GET config", "GET layer"];
/** Tokens for everyone; only for whom we know; and the login for that. */
export const ANON = { kind: "bearer" } as const;
export const LOGIN = { kind: "password", user: "me", password: "hunter2" } as const;
export const LOCKED = { kind: "bearer", user: "me", password: "hunter2" } as const;
