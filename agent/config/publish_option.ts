/** `--publish`: which port of the machine leads to which port of the container. */
import { isIP } from "node:net";
import type { PublishOption } from "./container_config.ts";
import type { Located } from "./located.ts";
import type { Report } from "./problem_collector.ts";

const FORM = /^(?:(\[[^\]]*\]|[^:[\]]*):)?(?:([\d-]*):)?([\d-]+)(?:\/([a-z]+))?$/i;
const MAX_PORT = 65535;
/** Each port becomes a rule of its own. */
const MAX_RANGE = 1024;

interface PortRange {
  readonly first: number;
  readonly count: number;
}

/** `[IP:]HOST:CONTAINER[/PROTOCOL]`; ports may be ranges of equal length. One item a port. */
export function parsePublish(value: Located, report: Report): readonly PublishOption[] | undefined {
  const hint = "write HOST:CONTAINER, such as 8080:80 or 127.0.0.1:8080:80/udp";
  const match = FORM.exec(value.text);
  if (!match) return report.error(value, "{} is not a port to publish", hint);
  // With two fields, the one before the container's port is the host's port.
  const [, first, second, containerText = "", protocolText = "tcp"] = match;
  const hostText = second ?? first ?? "";
  const addressText = second === undefined ? "" : (first ?? "").replace(/^\[(.*)\]$/, "$1");
  if (hostText === "") {
    return report.error(value, "{} names no port of the machine: none is picked at random", hint);
  }
  if (addressText !== "" && isIP(addressText) === 0) {
    return report.error(value, "{} begins with what is not an IP address", hint);
  }
  const protocol = protocolText.toLowerCase();
  if (protocol !== "tcp" && protocol !== "udp") {
    return report.error(value, "{} has a protocol that is neither tcp nor udp");
  }
  const host = parseRange(hostText);
  const container = parseRange(containerText);
  if (!host || !container) return report.error(value, "{} holds what is not a port", hint);
  if (host.count !== container.count || host.count > MAX_RANGE) {
    return report.error(value, `{} has ranges of different lengths, or longer than ${MAX_RANGE}`);
  }
  return Array.from({ length: host.count }, (_, index) => ({
    hostAddress: addressText === "" ? undefined : addressText,
    hostPort: host.first + index,
    containerPort: container.first + index,
    protocol,
  }));
}

function parseRange(text: string): PortRange | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  const first = Number(match?.[1] ?? 0);
  const last = Number(match?.[2] ?? first);
  const isRange = first >= 1 && first <= last && last <= MAX_PORT;
  return isRange ? { first, count: last - first + 1 } : undefined;
}
