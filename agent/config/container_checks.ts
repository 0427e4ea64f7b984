/** What single options cannot tell: contradictions inside one container text. */
import type { Argument } from "./container_arguments.ts";
import type { OptionDraft } from "./container_option.ts";
import { findContainerOption } from "./container_option_table.ts";
import type { Located } from "./located.ts";
import type { Report } from "./problem_collector.ts";
import { type ContainerRole, findAddressFault } from "./publish_checks.ts";

/** A container text, taken apart. */
export interface ContainerParts {
  /** All of it. */
  readonly value: Located;
  readonly options: readonly Argument[];
  readonly image: Located;
  readonly command: readonly Located[];
  readonly draft: OptionDraft;
  readonly role: ContainerRole;
}

/** Reports what does not go together. */
export function checkContainer(parts: ContainerParts, report: Report): void {
  const { draft, role } = parts;
  checkImage(parts.image, report);
  checkMissingQuote(parts.command, report);
  checkNetwork(parts, report);
  checkTargets(parts, report);
  if (draft.name !== undefined) {
    report.define(role === "service" ? "service" : "container", placeOf(parts, "name"));
  }
  if (draft.restart.kind !== "no" && role !== "service") {
    const hint = "use b2c.run_service, or drop --restart";
    report.error(placeOf(parts, "restart"), "only a service can be restarted", hint);
  }
  const part = (["arch", "variant"] as const).find((name) => draft[name] !== undefined);
  if (part && draft.platform !== undefined) {
    report.error(placeOf(parts, part), `--${part} cannot stand beside --platform`);
  } else if (draft.variant !== undefined && draft.arch === undefined) {
    const hint = "write --platform=linux/ARCH/VARIANT";
    report.error(placeOf(parts, "variant"), "--variant says nothing without --arch", hint);
  }
}

/** The value of an option's last use; all of the text when it was not used. */
function placeOf({ options, value }: ContainerParts, name: string): Located {
  const used = options.findLast((option) => findContainerOption(option.name)?.name === name);
  return used?.value ?? used?.word ?? value;
}

/** What cannot be an image at all; the grammar of references is checked where they are used. */
function checkImage(image: Located, report: Report): void {
  const { text } = image;
  if (/^[\u2010-\u2015\u2212]/.test(text)) {
    report.error(image, "{} begins with a typographic dash", "write - or -- instead");
  } else if (/[\u2018-\u201f]/.test(text)) {
    report.error(image, "{} holds a typographic quote", "write ' or \\\" instead");
  } else if (/^[A-Za-z_][A-Za-z0-9_]*=/.test(text)) {
    report.error(image, "{} stands where the image belongs", "write -e NAME=VALUE for a variable");
  } else if (/[\s\0]/.test(text) || text.startsWith("-")) {
    report.error(image, "{} is not the name of an image");
  }
}

/** `b2c.run="alpine b2c.hostname="x"`: the second directive has become part of the first. */
function checkMissingQuote(words: readonly Located[], report: Report): void {
  const swallowed = words.find((word) => /^b2c\.[a-z_]+(?:=|$)/.test(word.text));
  if (!swallowed) return;
  report.warn(swallowed, "{} is part of the container's command", "is a quote missing before it?");
}

function checkNetwork(parts: ContainerParts, report: Report): void {
  const { draft } = parts;
  const { kind } = draft.network;
  if (draft.publish.length > 0 && kind !== "bridge") {
    const message = `--publish has no effect with --network=${kind}`;
    const place = placeOf(parts, "publish");
    if (kind === "container") report.error(place, message, "publish at that container");
    else report.warn(place, message, "write --network=bridge");
  } else if (draft.publish.length > 0) {
    checkPublish(parts, report);
  }
  const isOwn = draft.network.kind === "container" && draft.network.name === draft.name;
  // Others than services cannot be joined at all, and are told so.
  if (isOwn && parts.role === "service") {
    report.error(placeOf(parts, "network"), "{} is this container itself");
  }
  if (draft.dns.length > 0 && draft.dns !== "none" && (kind === "none" || kind === "container")) {
    report.error(placeOf(parts, "dns"), `--dns cannot stand beside --network=${kind}`);
  }
  if (draft.hostname !== undefined && draft.uts === "host") {
    report.error(placeOf(parts, "hostname"), "--hostname cannot stand beside --uts=host");
  }
}

function checkPublish(parts: ContainerParts, report: Report): void {
  const { draft: { publish }, role } = parts;
  const place = placeOf(parts, "publish");
  const fault = publish.map(findAddressFault).find((found) => found !== undefined);
  if (fault !== undefined) report.error(place, fault, "write an IPv4 address, or none for all");
  else report.publish(place, role, publish);
}

/** One mount would hide the other. */
function checkTargets({ draft, options, value }: ContainerParts, report: Report): void {
  const targets = draft.mounts.map((mount) => mount.target.replace(/(?<=.)\/+$/, ""));
  const places = options.filter(({ name }) => ["volume", "mount", "tmpfs"].includes(name));
  targets.forEach((target, index) => {
    if (targets.indexOf(target) === index) return;
    // A mount that was refused leaves no target: then the places cannot be told.
    const place = places.length === targets.length ? places[index]?.value : undefined;
    report.error(place ?? value, "{} has the target of another mount");
  });
}
