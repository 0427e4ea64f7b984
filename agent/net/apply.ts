/** Carries network plans out. */
import type { System } from "../sys/system.ts";
import type { NetworkPlan } from "./plan.ts";

const IP = ["/bin/busybox", "ip"];

/** Sets addresses, routes and name servers. `root` holds the etc folder to write to. */
export async function applyNetworkPlan(sys: System, plan: NetworkPlan, root = "/"): Promise<void> {
  for (const command of plan.ipCommands) await sys.spawn.run([...IP, ...command]);
  writeWhole(`${root}etc/resolv.conf`, plan.resolvConf);
}

/** Readers see the old file or the new one, never a part. */
function writeWhole(path: string, text: string): void {
  Deno.writeTextFileSync(`${path}.new`, text);
  Deno.renameSync(`${path}.new`, path);
}
