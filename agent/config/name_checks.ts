/** Checks that cross directives: names that are defined twice, or referred to and not there. */
import type { ConfigDraft } from "./config_draft.ts";
import { chooseNearest } from "./nearest.ts";
import type { NameKind, NameUse } from "./problem_collector.ts";

/** What defines a name of each kind, for messages. */
const DEFINED_BY: Readonly<Record<NameKind, string>> = {
  filesystem: "b2c.filesystem",
  s3_endpoint: "b2c.minio",
  volume: "b2c.volume",
  nbd: "b2c.nbd",
  interface: "b2c.iface",
  container: "--name",
  service: "--name",
};

/**
 * Reports names that do not fit together. Of what is defined twice the first is kept; a cache on
 * a filesystem that is not there is given up.
 */
export function checkNames(
  draft: ConfigDraft,
  definitions: readonly NameUse[],
  references: readonly NameUse[],
): void {
  definitions.forEach((use, index) => checkDouble(use, definitions.slice(0, index)));
  draft.filesystems = keepFirst(draft.filesystems, ({ name }) => name);
  draft.volumes = keepFirst(draft.volumes, ({ name }) => name);
  draft.s3Endpoints = keepFirst(draft.s3Endpoints, ({ alias }) => alias);
  draft.networkBlockDevices = keepFirst(draft.networkBlockDevices, ({ device }) => device);
  draft.network.interfaces = keepFirst(draft.network.interfaces, ({ name }) => name);

  const filesystems = draft.filesystems.map(({ name }) => name);
  const endpoints = draft.s3Endpoints.map(({ alias }) => alias);
  const nameOf = (kind: NameKind) =>
    definitions.filter((use) => use.kind === kind).map((use) => use.name.text);
  for (const use of references) {
    if (use.kind === "filesystem") checkReference(use, filesystems, nameOf(use.kind));
    else if (use.kind === "s3_endpoint") checkReference(use, endpoints, nameOf(use.kind));
    else if (use.kind === "volume") checkVolume(use, nameOf(use.kind));
    else if (use.kind === "container") checkPartner(use, nameOf("service"), nameOf(use.kind));
  }
  const { cacheDevice } = draft;
  if (cacheDevice.kind === "filesystem" && !filesystems.includes(cacheDevice.name)) {
    draft.cacheDevice = { kind: "none" };
  }
}

function keepFirst<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  const names = items.map(nameOf);
  return items.filter((item, index) => names.indexOf(nameOf(item)) === index);
}

function checkDouble(use: NameUse, earlier: readonly NameUse[]): void {
  const isRun = (kind: NameKind) => kind === "container" || kind === "service";
  const other = earlier.find(({ kind, name }) =>
    name.text === use.name.text && (kind === use.kind || (isRun(kind) && isRun(use.kind)))
  );
  if (!other) return;
  if (use.kind === "container" && other.kind === "container") {
    use.report.warn(use.name, "{} names an earlier container too; it is gone by then");
  } else if (!isRun(use.kind) && other.value === use.value) {
    use.report.warn(use.name, "{} is defined twice in the same words");
  } else {
    const hint = "give one of them another name";
    use.report.error(use.name, "{} is defined before as well; the first one counts", hint);
  }
}

/** `good`: without a mistake; `known`: all that were tried. */
function checkReference(use: NameUse, good: readonly string[], known: readonly string[]): void {
  const { name, kind, report } = use;
  if (good.includes(name.text)) return;
  const directive = DEFINED_BY[kind];
  if (known.includes(name.text)) {
    report.error(name, `{} cannot be used: its ${directive} has a mistake`);
    return;
  }
  const near = chooseNearest(name.text, good) ?? use.meant;
  const hint = near ? `did you mean ${near}?` : `add ${directive}=${name.text},…`;
  report.error(name, `{} is defined by no ${directive}`, hint);
}

/** A volume that no directive defines is a plain one, unless its name was meant to be another. */
function checkVolume({ name, report }: NameUse, known: readonly string[]): void {
  if (known.includes(name.text)) return;
  const near = chooseNearest(name.text, known);
  if (near === undefined) return;
  report.warn(name, "{} is defined by no b2c.volume: it starts empty", `did you mean ${near}?`);
}

/** Whose network is joined must be running meanwhile: only services do. */
function checkPartner(
  { name, report }: NameUse,
  services: readonly string[],
  containers: readonly string[],
): void {
  if (services.includes(name.text)) return;
  if (containers.includes(name.text)) {
    report.error(name, "{} is not a service: it does not run meanwhile", "use b2c.run_service");
    return;
  }
  const near = chooseNearest(name.text, services);
  const hint = near ? `did you mean ${near}?` : `give the service --name ${name.text}`;
  report.error(name, "{} is the name of no service", hint);
}
