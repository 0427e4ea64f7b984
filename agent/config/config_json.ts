/** A configuration as JSON that may be shown. */
import type { Config, LoginConfig, S3Endpoint, VolumeConfig } from "./config.ts";
import type { ContainerConfig } from "./container_config.ts";
import { MASK, maskSecrets } from "./masked_text.ts";
import { isSecretName } from "./secret_spans.ts";
import { findSecretStarts } from "./secret_words.ts";

/** What JSON.stringify takes without losing anything. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The configuration without its secrets; what is undefined is left out. */
export function configToJson(config: Config): Json {
  return toJson({
    ...config,
    containers: config.containers.map(maskContainer),
    services: config.services.map(maskContainer),
    postContainers: config.postContainers.map(maskContainer),
    s3Endpoints: config.s3Endpoints.map(maskEndpoint),
    logins: config.logins.map(maskLogin),
    volumes: config.volumes.map(maskVolume),
    shutdownCommand: maskWords(config.shutdownCommand),
    rebootCommand: maskWords(config.rebootCommand),
  });
}

function maskContainer(container: ContainerConfig): object {
  const { options } = container;
  return {
    ...container,
    command: maskWords(container.command),
    options: {
      ...options,
      annotations: maskPairs(options.annotations),
      labels: maskPairs(options.labels),
      entrypoint: options.entrypoint && maskWords(options.entrypoint),
      env: options.env.map(({ name, value }) => ({
        name,
        value: value !== null && isSecretName(name) ? MASK : value,
      })),
    },
  };
}

function maskEndpoint(endpoint: S3Endpoint): S3Endpoint {
  return { ...endpoint, accessKey: MASK, secretKey: MASK };
}

function maskLogin(login: LoginConfig): LoginConfig {
  return login.kind === "password" ? { ...login, password: MASK } : login;
}

function maskVolume(volume: VolumeConfig): object {
  return {
    ...volume,
    encryptKeys: volume.encryptKeys.map(() => MASK),
    fscryptKey: volume.fscryptKey && MASK,
  };
}

function maskWords(words: readonly string[]): readonly string[] {
  const starts = findSecretStarts(words);
  return words.map((word, index) => {
    const start = starts[index];
    return start === undefined ? word : word.slice(0, start) + MASK;
  });
}

function maskPairs(pairs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pairs).map(([name, value]) => [name, isSecretName(name) ? MASK : value]),
  );
}

/** Drops what JSON has no word for; bytes are keys, so they are masked. */
function toJson(value: unknown): Json {
  if (typeof value === "string") return maskSecrets(value);
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (value instanceof Uint8Array) return MASK;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [name, toJson(field)]),
  );
}
