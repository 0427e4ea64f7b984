import { describe, expect, it } from "vitest";
import { directiveNames, DIRECTIVES, findDirective } from "../../../agent/config/directives.ts";
import { emptyDraft } from "../../../agent/config/config_draft.ts";
import { parseConfig } from "../../../agent/config/parse_config.ts";
import { parseLine } from "../../support/parse_value.ts";

/** A value that each directive takes; where a list says what is implemented, one beyond it. */
const SAMPLES: Readonly<Record<string, string>> = {
  "b2c.run": "alpine",
  "b2c.run_service": "alpine",
  "b2c.run_post": "alpine",
  "b2c.pipefail": "1",
  "b2c.on_failure": "shell",
  "b2c.poweroff_delay": "15",
  "b2c.shutdown_cmd": "halt",
  "b2c.reboot_cmd": "reset",
  "b2c.cache_device": "auto",
  "b2c.swap": "zram",
  "b2c.filesystem": "a,src=/dev/sda",
  "b2c.volume": "v",
  "b2c.minio": "a,http://h,b,c",
  "b2c.storage": "additionalimagestores=s",
  "b2c.nbd": "/dev/nbd0,host=h,port=1",
  "b2c.iface": "eth0,dhcp",
  ip: "10.0.0.2",
  "b2c.network_timeout": "60",
  "b2c.ntp_peer": "auto",
  "b2c.proxy": "no=a",
  "b2c.extra_args_url": "http://h/x",
  "b2c.registry": "h,insecure",
  "b2c.login": "h,a,b",
  "b2c.ca": "/x",
  "b2c.pull": "never",
  "b2c.pull_jobs": "4",
  "b2c.verify": "*,deny",
  "b2c.hostname": "dut",
  "b2c.keymap": "de",
  "b2c.load": "a",
  "b2c.events": "console",
};
/** What another directive must define first. */
const CONTEXT = " b2c.filesystem=s,src=/dev/sdb";

describe("the table of directives", () => {
  it("has every name once", () => {
    expect(new Set(directiveNames()).size).toBe(directiveNames().length);
  });

  it("is covered by samples", () => {
    expect(Object.keys(SAMPLES).sort()).toEqual(DIRECTIVES.map(({ name }) => name).sort());
  });

  it.each(DIRECTIVES.map(({ name }) => ({ name })))("$name says what it is", ({ name }) => {
    const directive = findDirective(name);
    expect(directive?.help.length).toBeGreaterThan(5);
    expect(directive?.help).not.toMatch(/\.$/);
    expect(directive?.syntax).not.toBe("");
  });

  const names = DIRECTIVES.flatMap(({ name, oldNames = [] }) =>
    [name, ...oldNames].map((written) => ({ name, written }))
  );
  it.each(names)("$written changes the configuration", ({ name, written }) => {
    const before = parseLine(CONTEXT);
    const after = parseLine(`${written}="${SAMPLES[name]}"${CONTEXT}`);
    expect(after.problems).toEqual([]);
    expect({ ...after, unimplemented: [] }).not.toEqual({ ...before, unimplemented: [] });
    const { implemented } = findDirective(name) ?? {};
    if (implemented === true) expect(after.unimplemented).not.toContain(written);
    else expect(after.unimplemented.join()).toContain(written);
  });

  it.each(DIRECTIVES.filter(({ repeatable }) => repeatable).map(({ name }) => ({ name })))(
    "$name may come again",
    ({ name }) => {
      const text = `${name}="${SAMPLES[name]}" ${name}="${SAMPLES[name]}"${CONTEXT}`;
      expect(parseLine(text).errors).toEqual([]);
    },
  );

  it.each(DIRECTIVES.filter(({ name }) => name !== "b2c.pipefail").map(({ name }) => ({ name })))(
    "$name needs a value",
    ({ name }) => expect(parseLine(name).errors).toEqual(["the directive has no value"]),
  );

  const essential = "b2c.run b2c.run_service b2c.run_post b2c.volume b2c.storage b2c.verify " +
    "b2c.extra_args_url";
  it("knows which mistakes keep everything from running", () => {
    const names = DIRECTIVES.filter((directive) => directive.essential).map(({ name }) => name);
    expect(names.sort()).toEqual(essential.split(" ").sort());
    for (const { name } of DIRECTIVES) {
      const [problem] = parseLine(name).problems.filter(({ severity }) => severity === "error");
      if (problem) expect(problem.essential ?? false).toBe(names.includes(name));
    }
  });

  it("leaves the defaults when nothing is asked for", () => {
    const config = parseConfig([]);
    expect(config).toEqual({ ...emptyDraft(), unimplemented: [], problems: [] });
    expect(config).toMatchObject({
      hostname: "boot2container",
      network: { timeout: 30, kernelIp: undefined },
      pull: "always",
      pullJobs: 3,
      onFailure: "poweroff",
      cacheDevice: { kind: "none" },
    });
  });
});
