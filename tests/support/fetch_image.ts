/** Everything of an image that a registry can be asked for, without unpacking: for tests. */
import type { ProxySettings } from "../../agent/http/proxy.ts";
import type { FindCredential } from "../../agent/oci/credentials.ts";
import type { Platform } from "../../agent/oci/platform.ts";
import type { MirrorState } from "../../agent/oci/pull_from_first.ts";
import { parseReference, type RegistryReference } from "../../agent/oci/reference.ts";
import { openRegistries } from "../../agent/oci/registries.ts";
import type { RegistrySettings } from "../../agent/oci/registry_settings.ts";
import { fetchImage, type ResolvedImage } from "../../agent/oci/resolve_image.ts";
import type { System } from "../../agent/sys/system.ts";

export interface FetchOptions {
  readonly credential?: ReturnType<FindCredential>;
  /** Default: false. */
  readonly tlsVerify?: boolean;
  readonly settings?: readonly RegistrySettings[];
  readonly caCerts?: readonly string[];
  readonly platform?: Platform;
  readonly proxy?: ProxySettings;
  /** Reads layers with one buffer that goes to and fro. */
  readonly ownBuffers?: boolean;
}

export interface FetchResult {
  readonly image: ResolvedImage | undefined;
  /** Bytes of each layer that came through whole, as far as it went. */
  readonly layers: readonly Uint8Array<ArrayBuffer>[];
  readonly error: unknown;
  /** What was logged. */
  readonly lines: readonly string[];
}

const LINUX: Platform = { os: "linux", architecture: "amd64" };

/** Parses a reference that must be one to a registry. */
export function registryReference(text: string): RegistryReference {
  const reference = parseReference(text);
  if (reference.kind !== "registry") throw new TypeError(`${text} is in no registry`);
  return reference;
}

/** Resolves a reference and reads its layers one after the other. Never throws. */
export async function fetchWholeImage(
  sys: System,
  name: string,
  options: FetchOptions = {},
): Promise<FetchResult> {
  const lines: string[] = [];
  const log = {
    info: (text: string) => lines.push(text),
    warn: (text: string) => lines.push(text),
  };
  const layers: Uint8Array<ArrayBuffer>[] = [];
  let image: ResolvedImage | undefined;
  let error: unknown;
  const { credential, tlsVerify = false, settings = [], caCerts = [], proxy = {} } = options;
  await using registries = openRegistries(sys, {
    ...{ settings, caCerts, log, proxy },
    findCredential: () => credential,
  });
  try {
    const reference = registryReference(name);
    const list = registries.open(reference, tlsVerify);
    const state: MirrorState = { dead: new Set(), log, signal: new AbortController().signal };
    image = await fetchImage(list, reference, options.platform ?? LINUX, state);
    for (const layer of image.layers) {
      const blob = list.at(-1)!.openBlob(layer);
      layers.push(await (options.ownBuffers ? readInto(blob) : new Response(blob).bytes()));
    }
  } catch (caught) {
    error = caught;
  }
  return { image, layers, error, lines };
}

/** Fills one buffer again and again, each time to its end, as who hands it to a thread would. */
async function readInto(
  blob: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = blob.getReader({ mode: "byob" });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let buffer = new ArrayBuffer(100_000);
  for (let filled = 0;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer, filled));
    buffer = value?.buffer as ArrayBuffer;
    filled += value?.length ?? 0;
    if (done || filled === buffer.byteLength) {
      pieces.push(new Uint8Array(buffer.slice(0, filled)));
      filled = 0;
    }
    if (done) return await new Blob(pieces).bytes();
  }
}
