/** Where the parts of an image can be had: mirrors, then the registry itself. */
import type { RegistrySettings } from "./registry_settings.ts";

export interface Endpoint {
  /** For logins and messages, as references write it. */
  readonly host: string;
  /** In the order to try; each with host, port and prefix, without a slash at the end. */
  readonly baseUrls: readonly string[];
  /** Certificates do not matter, and plain http is allowed. */
  readonly insecure: boolean;
  /** PEM texts. */
  readonly caCerts: readonly string[];
  readonly resolvesTags: boolean;
  /** What a mirror is asked for (`?ns=`): the registry that it stands for. undefined: no mirror. */
  readonly mirrorOf: string | undefined;
}

/** docker.io itself serves web pages. */
const API_HOSTS: ReadonlyMap<string, string> = new Map([["docker.io", "registry-1.docker.io"]]);

/**
 * Plans whom to ask for an image of a host. What is said about `*` counts too, after what is said
 * about the host.
 */
export function planEndpoints(
  host: string,
  settings: readonly RegistrySettings[],
  tlsVerify: boolean,
): readonly Endpoint[] {
  const relevant = relevantSettings(host, settings);
  const mirrors = relevant.flatMap((entry) => entry.mirrors).map((mirror): Endpoint => {
    const url = new URL(mirror.url);
    const own = relevantSettings(url.host, settings);
    return {
      host: url.host,
      baseUrls: [`${url.origin}${url.pathname.replace(/\/+$/, "")}`],
      // Who writes http: says so, and it goes no further than this mirror.
      insecure: !tlsVerify || url.protocol === "http:" || own.some((entry) => entry.insecure),
      caCerts: own.flatMap((entry) => entry.caCerts),
      resolvesTags: mirror.resolvesTags,
      mirrorOf: host,
    };
  });
  const insecure = !tlsVerify || relevant.some((entry) => entry.insecure);
  const address = API_HOSTS.get(host) ?? host;
  const itself: Endpoint = {
    host,
    baseUrls: planBaseUrls(address, insecure),
    insecure,
    caCerts: relevant.flatMap((entry) => entry.caCerts),
    resolvesTags: true,
    mirrorOf: undefined,
  };
  // A mirror for everything does not mirror itself.
  return [...mirrors.filter((mirror) => mirror.host !== host), itself];
}

/**
 * Where a port is named, only one of the two can be there: http is asked first, as a server that
 * wants https says so at once, and a TLS handshake is the dearer question.
 */
function planBaseUrls(address: string, insecure: boolean): readonly string[] {
  const urls = [`https://${address}`, `http://${address}`];
  if (!insecure) return urls.slice(0, 1);
  return /:\d+$/.test(address) ? urls.reverse() : urls;
}

function relevantSettings(
  host: string,
  settings: readonly RegistrySettings[],
): readonly RegistrySettings[] {
  return ["*", host].flatMap((name) => settings.filter((entry) => entry.host === name)).reverse();
}
