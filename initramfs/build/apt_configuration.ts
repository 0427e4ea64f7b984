/** The configuration of our own state of apt. */
import type { ArchitectureName } from "../architecture.ts";
import type { Mirror } from "./apt_mirror.ts";

/** The release of Debian that everything is taken from. */
export const SUITE = "trixie";

/** The sources, as sources.list(5) has them. */
export function renderSources(mirror: Mirror, keyring: string): string {
  const stanza = (uri: string, suite: string) =>
    `Types: deb\nURIs: ${uri}\nSuites: ${suite}\nComponents: main\nSigned-By: ${keyring}\n`;
  const stanzas = [stanza(mirror.archive, SUITE)];
  if (mirror.security !== undefined) stanzas.push(stanza(mirror.security, `${SUITE}-security`));
  return stanzas.join("\n");
}

/** What is different from the system's configuration (apt.conf(5)). */
export function renderConfiguration(folder: string, architecture: ArchitectureName): string {
  const settings = {
    "APT::Architecture": architecture,
    "APT::Default-Release": "",
    // Half an update is an error, not a warning.
    "APT::Update::Error-Mode": "any",
    // The folder may lie where apt's own user cannot go.
    "APT::Sandbox::User": "root",
    "Acquire::AllowInsecureRepositories": "false",
    "Acquire::Languages": "none",
    "Acquire::Retries": "3",
    "Dir::Cache::archives": `${folder}/archives`,
    "Dir::Cache::pkgcache": "",
    "Dir::Cache::srcpkgcache": "",
    "Dir::Etc::preferences": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
    "Dir::Etc::sourcelist": `${folder}/debian.sources`,
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State": folder,
    "Dir::State::lists": `${folder}/lists`,
    // Nothing counts as installed: dependencies are complete.
    "Dir::State::status": "/dev/null",
  };
  // Scripts that the machine runs after its own updates have no business with ours.
  const cleared = ["APT::Architectures", "APT::Update::Pre-Invoke", "APT::Update::Post-Invoke"];
  return [
    ...[...cleared, "APT::Update::Post-Invoke-Success"].map((name) => `#clear ${name};`),
    ...Object.entries(settings).map(([name, value]) => `${name} "${value}";`),
    "",
  ].join("\n");
}
