/** The images of a boot: every pull starts at once, each container waits for its own. */
import type { Config } from "./config/config.ts";
import type { ContainerConfig } from "./config/container_config.ts";
import { AgentError } from "./errors.ts";
import type { Logger } from "./log.ts";
import { type CredentialTable, findCredentialIn, parseAuthFile } from "./oci/credentials.ts";
import type { PulledImage } from "./oci/image.ts";
import { openLayerUnpacker } from "./oci/layer_unpacker.ts";
import { pullImage } from "./oci/pull.ts";
import { openRegistries, type Registries } from "./oci/registries.ts";
import { openStore } from "./oci/store.ts";
import { createProgressReport, renderMegabytes } from "./progress.ts";
import type { StepRunner } from "./steps.ts";
import { openFileCalls } from "./sys/file_calls.ts";
import type { System } from "./sys/system.ts";

/** What is pulled, or being pulled. Dispose it: connections and workers are closed. */
export interface BootImages extends AsyncDisposable {
  /**
   * The image of a container of the configuration.
   * @throws what its pull failed with
   */
  imageOf(container: ContainerConfig): Promise<PulledImage>;
}

/** In the format of containers-auth.json(5), from an archive. */
const AUTH_FILE = "/b2c.d/auth.json";

/**
 * Starts all pulls.
 * @param folder of the store
 * @param network they wait for it to be there, or to be given up
 */
export async function openImages(
  sys: System,
  log: Logger,
  step: StepRunner,
  config: Config,
  folder: string,
  network: Promise<unknown>,
): Promise<BootImages> {
  await using stack = new AsyncDisposableStack();
  const abort = new AbortController();
  const registries = stack.use(openConfiguredRegistries(sys, log, config));
  const unpacker = stack.use(openLayerUnpacker({ workers: config.pullJobs }));
  const store = await openStore(sys, folder);
  // Disposed first: what still runs must not use what is closed next.
  stack.defer(() => abort.abort(new AgentError("Cannot pull any more: the boot is over")));

  // It costs more than all calls to it, and now there is time.
  openFileCalls();

  const pulls = new Map<string, Promise<PulledImage>>();
  const start = (container: ContainerConfig): Promise<PulledImage> => {
    const { image: reference, options } = container;
    const { platform, tlsVerify, pull: policy = config.pull } = options;
    const request = { reference, platform, tlsVerify, policy };
    const key = JSON.stringify(request);
    const running = pulls.get(key);
    if (running) return running;
    const name = `pull ${reference}`;
    const write = (line: string) => log.info(`${name}: ${line}`);
    const run = () =>
      pullImage(sys, request, {
        ...{ store, unpacker, registries, log, signal: abort.signal },
        onProgress: createProgressReport(sys.clock, write),
      });
    const pull = network.then(() => step(name, run, { outcome: renderPull }));
    // It may fail long before its container's turn comes.
    pull.catch(() => {});
    pulls.set(key, pull);
    return pull;
  };
  for (const container of [...config.services, ...config.containers, ...config.postContainers]) {
    void start(container);
  }
  const cleanup = stack.move();
  return { imageOf: start, [Symbol.asyncDispose]: () => cleanup.disposeAsync() };
}

function renderPull({ layers, bytes, cached }: PulledImage): string {
  return cached ? "in the store already" : `${layers.length} layers, ${renderMegabytes(bytes)}`;
}

function openConfiguredRegistries(sys: System, log: Logger, config: Config): Registries {
  const { proxy } = config;
  return openRegistries(sys, {
    settings: config.registries.map(({ host, insecure, mirrors, certificates }) => ({
      host,
      insecure,
      mirrors: mirrors.map((url) => ({ url, resolvesTags: false })),
      caCerts: certificates.map((path) => Deno.readTextFileSync(path)),
    })),
    findCredential: findCredentialIn(readCredentialTables(config)),
    caCerts: config.certificates.map(({ source }) => Deno.readTextFileSync(source)),
    proxy,
    jobs: config.pullJobs,
    log,
  });
}

/** What stands on the command line comes before the file. */
function readCredentialTables(config: Config): readonly CredentialTable[] {
  const logins = new Map(
    config.logins.flatMap((login) =>
      login.kind === "password"
        ? [[login.host, { kind: "password", user: login.user, password: login.password }] as const]
        : []
    ),
  );
  const files = config.logins.flatMap((login) => login.kind === "file" ? [login.path] : []);
  return [logins, ...files.map(readAuthFile), ...readOptionalAuthFile(AUTH_FILE)];
}

function readAuthFile(path: string): CredentialTable {
  return parseAuthFile(path, Deno.readTextFileSync(path));
}

function readOptionalAuthFile(path: string): readonly CredentialTable[] {
  try {
    return [readAuthFile(path)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
