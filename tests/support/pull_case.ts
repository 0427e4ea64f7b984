/** Pulls into a store of its own, with everything real but the registry: for tests. */
import type { PulledImage } from "../../agent/oci/image.ts";
import { type LayerUnpacker, openLayerUnpacker } from "../../agent/oci/layer_unpacker.ts";
import { pullImage, type PullRequest, type PullTools } from "../../agent/oci/pull.ts";
import { openRegistries, type RegistriesOptions } from "../../agent/oci/registries.ts";
import { openStore } from "../../agent/oci/store.ts";
import { openFastSystem } from "./fast_clock.ts";

export interface Puller extends AsyncDisposable {
  /** The store. */
  readonly folder: string;
  /** What was logged so far. */
  readonly lines: readonly string[];
  /** Pulls for linux/amd64, without asking for TLS, unless the request says otherwise. */
  pull(
    reference: string,
    request?: Omit<PullRequest, "reference">,
    tools?: Pick<PullTools, "onProgress" | "signal">,
  ): Promise<PulledImage>;
  /** What lies in the store: names of layers, and of what is not finished. */
  readonly layers: () => Promise<readonly string[]>;
  readonly unfinished: () => Promise<readonly string[]>;
}

/** Opens a store in a temporary folder. Waits take a 50th of their time. */
export async function openPuller(options: RegistriesOptions = {}): Promise<Puller> {
  const sys = openFastSystem();
  const folder = await Deno.makeTempDir({ prefix: "registry-pull-" });
  const lines: string[] = [];
  const log = {
    info: (text: string) => lines.push(text),
    warn: (text: string) => lines.push(text),
  };
  const store = await openStore(sys, folder);
  const registries = openRegistries(sys, { ...options, log });
  const unpacker: LayerUnpacker = openLayerUnpacker();
  return {
    folder,
    lines,
    pull: (reference, request = {}, tools = {}) =>
      pullImage(
        sys,
        { reference, platform: "linux/amd64", tlsVerify: false, ...request },
        { store, unpacker, registries, log, ...tools },
      ),
    layers: () => list(`${folder}/layers`),
    unfinished: () => list(`${folder}/tmp`),
    async [Symbol.asyncDispose]() {
      await unpacker[Symbol.asyncDispose]();
      await registries[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function list(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}
