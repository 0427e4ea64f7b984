/** Container options about what it shares with the machine: network, processes, IPC. */
import { parseIp } from "./addresses.ts";
import type { NetworkMode } from "./container_config.ts";
import { type ContainerOption, custom, type OptionDraft, single } from "./container_option.ts";
import { type Located, sliceLocated, splitLocated, trimLocated } from "./located.ts";
import { chooseNearest } from "./nearest.ts";
import type { Report } from "./problem_collector.ts";
import { parsePublish } from "./publish_option.ts";
import { parseName, type ParseValue } from "./values.ts";

const NETWORK_WORDS = ["host", "none", "bridge", "private"];

export const NAMESPACE_OPTIONS: readonly ContainerOption[] = [
  single("network", "network", "host|none|bridge|container:NAME", "its network", parseNetwork, {
    aliases: ["net"],
  }),
  custom(
    "publish",
    "[IP:]HOST:CONTAINER[/udp]",
    "a port of the machine that leads into a bridge network",
    (draft, value, report) => {
      for (const item of splitLocated(value, ",")) {
        draft.publish.push(...parsePublish(trimLocated(item), report) ?? []);
      }
    },
    { short: "p" },
  ),
  custom("dns", "IP|none", "name server; none: leave the image's resolv.conf", applyDns),
  single("pid", "pid", "private|host", "process numbers", parseNamespace(["private", "host"])),
  single(
    "ipc",
    "ipc",
    "private|host|none|shareable",
    "System V IPC and /dev/shm",
    parseNamespace(["private", "host", "none", "shareable"]),
  ),
  single("uts", "uts", "private|host", "host name", parseNamespace(["private", "host"])),
  single(
    "cgroupns",
    "cgroupns",
    "private|host",
    "cgroup tree",
    parseNamespace(["private", "host"]),
  ),
];

/** A namespace: its own, the machine's; joining another one's is refused by name. */
function parseNamespace<T extends string>(choices: readonly T[]): ParseValue<T> {
  return (value, report) => {
    const found = choices.find((choice) => choice === (value.text || "private"));
    if (found !== undefined) return found;
    if (/^(?:container|ns):/.test(value.text)) {
      return report.error(
        value,
        "{} is refused: only the network can be shared between containers",
      );
    }
    const near = chooseNearest(value.text, choices);
    return report.error(value, `{} is none of ${choices.join(", ")}`, near && `write ${near}`);
  };
}

function parseNetwork(value: Located, report: Report): NetworkMode | undefined {
  const [mode = "", name] = value.text.split(/:(.*)/s);
  if (mode === "container") {
    const container = sliceLocated(value, "container:".length);
    const isNamed = parseName("a container")(container, report) !== undefined;
    if (isNamed) report.refer("container", container);
    return isNamed ? { kind: mode, name: container.text } : undefined;
  }
  if (name !== undefined && NETWORK_WORDS.includes(mode)) {
    return report.error(value, `{} is refused: ${mode} takes no options here`, `write ${mode}`);
  }
  if (mode === "host" || mode === "none" || mode === "bridge") return { kind: mode };
  // As root, podman's private is a bridge.
  if (mode === "private" || mode === "") return { kind: "bridge" };
  const near = chooseNearest(mode, NETWORK_WORDS);
  return report.error(
    value,
    "{} is refused: networks are host, none, bridge and container:NAME",
    near && `write ${near}`,
  );
}

function applyDns(draft: OptionDraft, value: Located, report: Report): void {
  for (const item of splitLocated(value, ",").map(trimLocated)) {
    const server = item.text === "none" ? "none" : parseIp(item, report);
    if (server === undefined) continue;
    const isMixed = draft.dns === "none" ? server !== "none" : server === "none" &&
      draft.dns.length > 0;
    if (isMixed) report.error(item, "none cannot stand beside name servers");
    else draft.dns = server === "none" || draft.dns === "none" ? "none" : [...draft.dns, server];
  }
}
