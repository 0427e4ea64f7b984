/** What the main thread and an unpacking worker tell each other, and how errors cross over. Pure. */
import { ArchiveError, SyscallError } from "../errors.ts";
import type { LayerResult } from "./layer.ts";
import type { UnpackLimits } from "./unpack.ts";

/** To the worker, of one layer. */
export type WorkerRequest =
  | {
    readonly kind: "open";
    readonly folder: string;
    readonly mediaType: string;
    readonly limits: UnpackLimits;
  }
  /** The first `length` bytes of the buffer, which goes over and comes back. */
  | { readonly kind: "piece"; readonly buffer: ArrayBuffer; readonly length: number }
  | { readonly kind: "finish" }
  /** The blob broke off, or nobody wants the layer any more; also the answer to `failed`. */
  | { readonly kind: "abort" };

/** From the worker, of one layer: `done` or `aborted` is the last. */
export type WorkerReply =
  & { readonly layer: number }
  & (
    /** A buffer that may be filled again. */
    | { readonly kind: "buffer"; readonly buffer: ArrayBuffer }
    | { readonly kind: "done"; readonly result: LayerResult }
    | { readonly kind: "failed"; readonly error: PackedError }
    | { readonly kind: "aborted" }
  );

/** An error as plain data: structured cloning keeps neither class nor fields. */
export interface PackedError {
  readonly kind: "archive" | "syscall" | "other";
  readonly message: string;
  readonly hint: string | undefined;
  readonly entry?: string;
  readonly call?: string;
  readonly path?: string;
  readonly code?: string;
  readonly cause: PackedError | undefined;
}

const MAX_CAUSES = 8;

/** Packs an error and its causes. */
export function packError(error: unknown, depth = 0): PackedError {
  if (!(error instanceof Error)) {
    return { kind: "other", message: String(error), hint: undefined, cause: undefined };
  }
  const base = {
    message: error.message,
    hint: error instanceof ArchiveError || error instanceof SyscallError ? error.hint : undefined,
    cause: error.cause === undefined || depth >= MAX_CAUSES
      ? undefined
      : packError(error.cause, depth + 1),
  };
  if (error instanceof ArchiveError) return { ...base, kind: "archive", entry: error.entry };
  if (error instanceof SyscallError) {
    return { ...base, kind: "syscall", call: error.call, path: error.path, code: error.code };
  }
  return { ...base, kind: "other" };
}

/** Makes the error that was packed, of the same class. */
export function unpackError(packed: PackedError): Error {
  const options = {
    ...(packed.cause ? { cause: unpackError(packed.cause) } : {}),
    ...(packed.hint === undefined ? {} : { hint: packed.hint }),
  };
  switch (packed.kind) {
    case "archive": {
      const entry = packed.entry ?? "";
      const prefix = new ArchiveError(entry, "").message;
      return new ArchiveError(entry, packed.message.slice(prefix.length), options);
    }
    case "syscall":
      return new SyscallError(packed.call ?? "", packed.path ?? "", packed.code ?? "", options);
    case "other":
      return new Error(packed.message, options);
  }
}
