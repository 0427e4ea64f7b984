import { describe, expect, it } from "vitest";
import { parseCommand, parseEventSink } from "../../../agent/config/machine_options.ts";
import { parseLine, parseValue } from "../../support/parse_value.ts";

describe("b2c.load", () => {
  it("keeps order, and every name once", () => {
    const line = "b2c.load=a,b b2c.insmods=snd-hda,a modules_load=c modules-load=snd_hda,";
    const { modules, problems } = parseLine(line);
    expect(problems).toEqual([]);
    expect(modules.map(({ name }) => name)).toEqual(["a", "b", "snd-hda", "c"]);
  });

  it("gives modules the options that kernel words carry, wherever these stand", () => {
    const line = "amdgpu.dc snd_hda.model=x,y modules_load=amdgpu,snd-hda amdgpu.si_support=1 " +
      'net.ifnames=0 amdgpu.a="b c"';
    expect(parseLine(line).modules).toEqual([
      { name: "amdgpu", options: ["dc", "si_support=1", "a=b c"] },
      { name: "snd-hda", options: ["model=x,y"] },
    ]);
  });

  it.each([
    { text: "b2c.load=/lib/x/amdgpu.ko.xz", hint: "write amdgpu" },
    { text: 'b2c.load="amdgpu i915"', hint: "separate names with commas" },
    {
      text: "b2c.load=amdgpu.si_support=1",
      hint: "options go into words of their own, such as amdgpu.si_support=1",
    },
  ])("refuses $text", ({ text, hint }) => {
    const { problems, modules } = parseLine(text);
    expect(modules).toEqual([]);
    expect(problems[0]?.hint).toBe(hint);
  });

  it("warns of an empty list", () => {
    expect(parseLine("modules_load=")).toMatchObject({
      errors: [],
      warnings: ["the value is empty: it counts as not given"],
    });
  });
});

describe("b2c.events", () => {
  it.each([
    { text: "console", wanted: { kind: "console" } },
    { text: "virtio:b2c.events", wanted: { kind: "virtio", name: "b2c.events" } },
    { text: "https://h/x", wanted: { kind: "url", url: "https://h/x" } },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseEventSink, text)).toMatchObject({ value: wanted, problems: [] });
  });

  it.each(["virtio", "virtio:", "consol", "http://", ""])("refuses %s", (text) => {
    expect(parseValue(parseEventSink, text).errors).toHaveLength(1);
  });
});

describe("commands at the end", () => {
  it("splits words", () => {
    const line = `b2c.shutdown_cmd="/bin/pdu off 'port 3'" b2c.reboot_cmd=/bin/reset`;
    expect(parseLine(line)).toMatchObject({
      shutdownCommand: ["/bin/pdu", "off", "port 3"],
      rebootCommand: ["/bin/reset"],
      problems: [],
    });
  });

  it("wants a word", () => {
    expect(parseValue(parseCommand, "  ").errors).toEqual(["the command is missing"]);
    expect(parseLine('b2c.shutdown_cmd="pdu \'"').shutdownCommand).toEqual([]);
  });
});

describe("single values", () => {
  it.each([
    { text: "b2c.hostname=vivian", wanted: { hostname: "vivian" } },
    { text: "b2c.keymap=de-latin1", wanted: { keymap: "de-latin1" } },
    { text: "b2c.poweroff_delay=15", wanted: { poweroffDelay: 15 } },
    { text: "b2c.pipefail", wanted: { pipefail: true } },
    { text: "b2c.pipefail=0", wanted: { pipefail: false } },
    { text: "b2c.pipefail=true", wanted: { pipefail: true } },
    { text: "b2c.pull=newer", wanted: { pull: "newer" } },
    { text: "b2c.pull_jobs=8", wanted: { pullJobs: 8 } },
    { text: "b2c.on_failure=shell", wanted: { onFailure: "shell" } },
    { text: "b2c.network_timeout=2m", wanted: { network: { timeout: 120 } } },
  ])("$text", ({ text, wanted }) => {
    expect(parseLine(text)).toMatchObject({ ...wanted, problems: [] });
  });

  it.each([
    { text: "b2c.hostname=my_host!", wanted: { hostname: "boot2container" } },
    { text: "b2c.keymap=../x", wanted: { keymap: undefined } },
    { text: "b2c.poweroff_delay=-5", wanted: { poweroffDelay: 0 } },
    { text: "b2c.poweroff_delay=99999999999", wanted: { poweroffDelay: 0 } },
    { text: "b2c.pipefail=yes", wanted: { pipefail: false } },
    { text: "b2c.pull=allways", wanted: { pull: "always" } },
    { text: "b2c.pull_jobs=0", wanted: { pullJobs: 3 } },
    { text: "b2c.on_failure=panic", wanted: { onFailure: "poweroff" } },
    { text: "b2c.network_timeout=forever", wanted: { network: { timeout: 30 } } },
  ])("$text is reported, and the default holds", ({ text, wanted }) => {
    const config = parseLine(text);
    expect(config).toMatchObject(wanted);
    expect(config.problems).toMatchObject([{ severity: "error" }]);
    expect(config.problems[0]?.essential).toBeUndefined();
  });
});
