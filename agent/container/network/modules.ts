/** The kernel modules that networks of containers need. */
import type { Config } from "../../config/config.ts";

const BRIDGE_MODULES = [
  ...["bridge", "veth", "nf_tables", "nft_chain_nat", "nft_masq", "nft_nat", "nft_ct"],
  "nft_fib_ipv4",
];

/** Chooses the modules to load: none unless some container is on the bridge. */
export function chooseNetworkModules(
  config: Pick<Config, "services" | "containers" | "postContainers">,
): readonly string[] {
  const all = [...config.services, ...config.containers, ...config.postContainers];
  return all.some(({ options }) => options.network.kind === "bridge") ? BRIDGE_MODULES : [];
}
