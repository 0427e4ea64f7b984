import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const settings = JSON.parse(
  readFileSync(new URL("../../deno.json", import.meta.url), "utf8"),
) as {
  readonly lock: unknown;
  readonly imports: Readonly<Record<string, string>>;
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
};
const commands = Object.values(settings.tasks).map((task) => task.command);

// `deno task` fetches every package that a lock file or `imports` name before it runs the command:
// before the command could set DENO_TLS_CA_STORE, which a network with a proxy of its own needs.
describe("deno.json leaves nothing to download to deno task itself", () => {
  it("has no lock of its own", () => {
    expect(settings.lock).toBe(false);
  });

  it("has packages in scopes, not in imports", () => {
    expect(Object.values(settings.imports).filter((from) => /^(npm|jsr|https):/.test(from)))
      .toEqual([]);
  });

  it("names lock and certificates in every task", () => {
    for (const command of commands) {
      expect(command).toContain("DENO_TLS_CA_STORE=mozilla,system");
      expect(command).toContain("--lock=deno.lock");
    }
  });
});
