/** The proxies as programs in containers know them. */
import type { ProxyConfig } from "../config/config.ts";

/** Renders `http_proxy`, `https_proxy` and `no_proxy`, in both spellings, as podman hands them on. */
export function renderProxyEnvironment(proxy: ProxyConfig): Readonly<Record<string, string>> {
  const values = [
    ["http_proxy", proxy.http ?? ""],
    ["https_proxy", proxy.https ?? ""],
    ["no_proxy", proxy.no.join(",")],
  ] as const;
  const set = values.filter(([, value]) => value !== "");
  return Object.fromEntries(
    set.flatMap(([name, value]) => [[name, value], [name.toUpperCase(), value]]),
  );
}
