/** Directives about where images come from, and which may run. */
import { type Directive, item, scalar } from "./directive.ts";
import {
  mergeRegistry,
  parseCertificate,
  parseLogin,
  parseRegistry,
  parseVerifyRule,
} from "./registry_options.ts";
import { parseChoice, parseInteger } from "./values.ts";

export const IMAGE_DIRECTIVES: readonly Directive[] = [
  {
    name: "b2c.registry",
    syntax: "HOST[,insecure][,mirror=URL]*[,ca=PATH|URL]*",
    fallback: "",
    help: "how to reach a registry; * for all",
    repeatable: true,
    implemented: false,
    apply: (draft, value, report) => {
      const parsed = parseRegistry(value, report);
      if (parsed) mergeRegistry(draft.registries, parsed);
    },
  },
  {
    name: "b2c.login",
    syntax: "HOST,USER,PASSWORD | HOST,@FILE",
    fallback: "",
    help: "credentials for a registry; /b2c.d/auth.json is read too",
    repeatable: true,
    implemented: true,
    apply: item("logins", parseLogin),
  },
  {
    name: "b2c.ca",
    syntax: "PATH | URL,sha256=HEX",
    fallback: "",
    help: "a root certificate more, for everything",
    repeatable: true,
    implemented: false,
    apply: item("certificates", parseCertificate),
  },
  {
    name: "b2c.pull",
    syntax: "always | newer | missing | never",
    fallback: "always",
    help: "what holds for containers without --pull",
    implemented: true,
    apply: scalar("pull", parseChoice(["always", "newer", "missing", "never"])),
  },
  {
    name: "b2c.pull_jobs",
    syntax: "NUMBER",
    fallback: "3",
    help: "layers that are fetched at the same time",
    implemented: true,
    apply: scalar("pullJobs", parseInteger(1, 64)),
  },
  {
    name: "b2c.verify",
    syntax: "PATTERN,key=PATH | PATTERN,accept | PATTERN,deny",
    fallback: "",
    help: "which images may run: the first rule that matches decides; key: a cosign signature",
    repeatable: true,
    // A rule that is dropped would let in what it was to keep out.
    essential: true,
    implemented: false,
    apply: item("verify", parseVerifyRule),
  },
];
