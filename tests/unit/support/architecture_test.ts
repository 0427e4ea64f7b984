import { describe, expect, it } from "vitest";
import { areaOf, findForbiddenCalls, findForbiddenImports } from "../../support/architecture.ts";

const allowed = (from: string, to: string) => findForbiddenImports([{ from, to }]).length === 0;

describe("areaOf", () => {
  it.each([
    { file: "agent/oci/tar.ts", area: "oci" },
    { file: "agent/errors.ts", area: "errors" },
    { file: "agent/read_configuration.ts", area: "boot" },
    { file: "initramfs/qemu/run_vm.ts", area: "initramfs" },
    { file: "agent/helpers/x.ts", area: undefined },
    { file: "scripts/x.ts", area: undefined },
  ])("puts $file in its place", ({ file, area }) => {
    expect(areaOf(file)).toBe(area);
  });
});

describe("findForbiddenImports", () => {
  it.each([
    { from: "agent/container/crun.ts", to: "agent/oci/image.ts" },
    { from: "agent/oci/pull.ts", to: "agent/http/client.ts" },
    { from: "agent/oci/pull.ts", to: "agent/oci/tar.ts" },
    { from: "agent/config/tokens.ts", to: "agent/types/std_cli.d.ts" },
    { from: "agent/main.ts", to: "agent/commands/command.ts" },
    { from: "agent/commands/pull.ts", to: "agent/oci/pull.ts" },
    { from: "initramfs/host/registry.ts", to: "agent/errors.ts" },
  ])("allows $from to import $to", ({ from, to }) => {
    expect(allowed(from, to)).toBe(true);
  });

  it.each([
    { from: "agent/oci/pull.ts", to: "agent/config/config.ts" },
    { from: "agent/config/tokens.ts", to: "agent/log.ts" },
    { from: "agent/errors.ts", to: "agent/redact.ts" },
    { from: "agent/container/crun.ts", to: "agent/net/dhcp.ts" },
    { from: "agent/net/dhcp.ts", to: "agent/steps.ts" },
    { from: "agent/net/dhcp.ts", to: "agent/boot.ts" },
    { from: "agent/boot.ts", to: "agent/main.ts" },
    { from: "agent/boot.ts", to: "agent/commands/pull.ts" },
    { from: "agent/main.ts", to: "initramfs/say.ts" },
    { from: "agent/main.ts", to: "tests/support/tar_builder.ts" },
    { from: "initramfs/build.ts", to: "tests/support/tar_builder.ts" },
    { from: "ipxe/render.ts", to: "agent/main.ts" },
  ])("forbids $from to import $to", ({ from, to }) => {
    expect(allowed(from, to)).toBe(false);
  });
});

describe("findForbiddenCalls", () => {
  const program = "if (import.meta.main) Deno.exit(await run());\n";

  it("lets programs end, and main.ts", () => {
    expect(findForbiddenCalls("agent/main.ts", program)).toEqual([]);
    expect(findForbiddenCalls("initramfs/vm.ts", program)).toEqual([]);
  });

  it("finds what ends or prints elsewhere", () => {
    expect(findForbiddenCalls("agent/boot.ts", program)).toEqual(["agent/boot.ts: Deno.exit"]);
    expect(findForbiddenCalls("initramfs/say.ts", "Deno.exit(1);")).toEqual([
      "initramfs/say.ts: Deno.exit",
    ]);
    expect(findForbiddenCalls("agent/boot.ts", 'console.log("x");')).toEqual([
      "agent/boot.ts: console",
    ]);
  });

  it("reads no comments", () => {
    expect(findForbiddenCalls("agent/boot.ts", "/* Deno.exit() */\n// console.log()\n")).toEqual(
      [],
    );
  });
});
