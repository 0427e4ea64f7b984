/** Directives about the machine itself. */
import { parseHostName } from "./addresses.ts";
import { type Directive, scalar } from "./directive.ts";
import { mergeModules, parseEventSink, parseModules } from "./machine_options.ts";
import { parsePattern } from "./values.ts";

const parseKeymap = parsePattern(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "{} is not the name of a keymap");

export const MACHINE_DIRECTIVES: readonly Directive[] = [
  {
    name: "b2c.hostname",
    syntax: "NAME",
    fallback: "boot2container",
    help: "name of the machine, also sent with DHCP",
    implemented: true,
    apply: scalar("hostname", parseHostName),
  },
  {
    name: "b2c.keymap",
    syntax: "NAME",
    fallback: "",
    help: "keymap of the console",
    implemented: false,
    apply: scalar("keymap", parseKeymap),
  },
  {
    name: "b2c.load",
    oldNames: ["b2c.insmods", "modules_load", "modules-load"],
    syntax: "MODULE[,MODULE]*",
    fallback: "",
    help: "kernel modules, in order; their options as the kernel takes them: MODULE.option=value",
    repeatable: true,
    implemented: false,
    apply: (draft, value, report) => mergeModules(draft.modules, parseModules(value, report) ?? []),
  },
  {
    name: "b2c.events",
    syntax: "console | virtio:NAME | URL",
    fallback: "",
    help: "where the boot is told as JSON lines",
    implemented: false,
    apply: scalar("events", parseEventSink),
  },
];
