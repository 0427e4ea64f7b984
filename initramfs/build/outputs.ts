/** The build's results in their folder. */
import { sha256Of } from "./fingerprint.ts";
import type { ManifestOutput } from "./manifest.ts";
import { writeWhole } from "./write_whole.ts";

/** Names of the files that a build makes, beside `manifest.json`. */
export const OUTPUTS = {
  agent: "agent",
  kernel: "vmlinuz",
  initramfs: "initramfs.cpio.zst",
  modules: "modules.cpio.zst",
} as const;

/** Contents of the files, by what they are. */
export type OutputContents = Readonly<Record<keyof typeof OUTPUTS, Uint8Array<ArrayBuffer>>>;

/** Writes the files, each whole or not at all. */
export async function writeOutputs(
  folder: string,
  contents: OutputContents,
): Promise<Readonly<Record<string, ManifestOutput>>> {
  const outputs: Record<string, ManifestOutput> = {};
  for (const kind of Object.keys(OUTPUTS) as (keyof typeof OUTPUTS)[]) {
    const bytes = contents[kind];
    await writeWhole(`${folder}/${OUTPUTS[kind]}`, bytes, kind === "agent" ? 0o755 : 0o644);
    outputs[OUTPUTS[kind]] = { size: bytes.length, sha256: sha256Of(bytes) };
  }
  return outputs;
}

/** What is appended may be no archive but at a multiple of this (initramfs buffer format). */
const ALIGNMENT = 4;

/**
 * One archive behind the other: the kernel unpacks them in order. Zeros fill it up, at the end
 * only, to where the next archive may start: the kernel skips them, the zstd program stumbles.
 */
export function joinSegments(segments: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = segments.reduce((sum, segment) => sum + segment.length, 0);
  const joined = new Uint8Array(Math.ceil(size / ALIGNMENT) * ALIGNMENT);
  let at = 0;
  for (const segment of segments) {
    joined.set(segment, at);
    at += segment.length;
  }
  return joined;
}
