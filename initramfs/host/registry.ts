/** Debian's docker-registry, run for a demo or a test. */
import { AgentError, TimeoutError } from "../../agent/errors.ts";
import { type Process, realSpawn } from "../../agent/sys/spawn.ts";
import { bcryptHash } from "./bcrypt_hash.ts";

export interface RegistryOptions {
  /** Where blobs are kept; is created. Default: a temporary folder, removed with the registry. */
  readonly folder?: string;
  /** Asks for basic authentication (htpasswd). */
  readonly auth?: { readonly user: string; readonly password: string };
  /** Serves https. Paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Makes it a pull-through cache of the registry at this URL. */
  readonly proxyRemote?: string;
  /** Default: a free one. */
  readonly port?: number;
}

/** A registry that serves until it is disposed. */
export interface RunningRegistry extends AsyncDisposable {
  readonly port: number;
  /** `127.0.0.1:PORT`; QEMU's guests reach it as `10.0.2.2:PORT`. */
  readonly address: string;
  /** `http(s)://127.0.0.1:PORT` */
  readonly url: string;
  /** Where its blobs are. */
  readonly folder: string;
  /** What it has logged. */
  readonly logFile: string;
  readonly pid: number;
}

const START_LIMIT_MS = 20_000;

/**
 * Starts a registry on loopback and waits until it listens.
 * @throws AgentError when it ends instead, TimeoutError when it takes longer than 20 s
 */
export async function startRegistry(options: RegistryOptions = {}): Promise<RunningRegistry> {
  const scratch = await Deno.makeTempDir({ prefix: "registry-" });
  const folder = options.folder ?? `${scratch}/blobs`;
  const logFile = `${scratch}/registry.log`;
  let process: Process | undefined;
  const stop = async () => {
    await process?.[Symbol.asyncDispose]();
    await Deno.remove(scratch, { recursive: true });
  };
  try {
    const passwordFile = `${scratch}/htpasswd`;
    if (options.auth) {
      const { user, password } = options.auth;
      await Deno.writeTextFile(passwordFile, `${user}:${bcryptHash(password)}\n`);
    }
    const configFile = `${scratch}/config.yml`;
    await Deno.writeTextFile(configFile, renderRegistryConfig(options, folder, passwordFile));
    process = realSpawn.start(["docker-registry", "serve", configFile], { stderr: "piped" });
    const port = await readPort(process, logFile);
    const address = `127.0.0.1:${port}`;
    return {
      port,
      address,
      url: `${options.tls ? "https" : "http"}://${address}`,
      folder,
      logFile,
      pid: process.pid,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The registry's configuration file. JSON is YAML too. */
export function renderRegistryConfig(
  options: RegistryOptions,
  folder: string,
  passwordFile: string,
): string {
  return JSON.stringify({
    version: "0.1",
    log: { level: "info", formatter: "text", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: folder }, delete: { enabled: true } },
    http: {
      addr: `127.0.0.1:${options.port ?? 0}`,
      // Signs the state of uploads; without one the registry warns and makes its own.
      secret: crypto.randomUUID(),
      ...(options.tls ? { tls: { certificate: options.tls.cert, key: options.tls.key } } : {}),
    },
    ...(options.auth ? { auth: { htpasswd: { realm: "registry", path: passwordFile } } } : {}),
    ...(options.proxyRemote ? { proxy: { remoteurl: options.proxyRemote } } : {}),
  });
}

/** The port in `listening on ADDRESS:PORT`, which the registry logs once it is ready. */
export function parseListeningPort(log: string): number | undefined {
  const match = /listening on \S+:(\d+)/.exec(log);
  return match ? Number(match[1]) : undefined;
}

/** Copies the log into its file to the end, and resolves as soon as it names the port. */
async function readPort(process: Process, logFile: string): Promise<number> {
  const ready = Promise.withResolvers<number>();
  const timer = setTimeout(
    () => ready.reject(new TimeoutError("docker-registry to listen", START_LIMIT_MS)),
    START_LIMIT_MS,
  );
  const decoder = new TextDecoder();
  let head = "";
  let port: number | undefined;
  const watch = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      controller.enqueue(chunk);
      if (port !== undefined) return;
      head += decoder.decode(chunk, { stream: true });
      port = parseListeningPort(head);
      if (port !== undefined) ready.resolve(port);
    },
    // Without effect once the port is known: every log ends some time.
    flush: () => ready.reject(new AgentError(`Cannot start docker-registry: ${head.trim()}`)),
  });
  const file = await Deno.open(logFile, { write: true, create: true });
  process.stderr.pipeThrough(watch).pipeTo(file.writable).catch(ready.reject);
  try {
    return await ready.promise;
  } finally {
    clearTimeout(timer);
  }
}
