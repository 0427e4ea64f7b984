import { describe, expect, it } from "vitest";
import { AgentError } from "../../agent/errors.ts";
import { createLogger } from "../../agent/log.ts";
import { stepRunner } from "../../agent/steps.ts";

function runner() {
  let uptime = 1000;
  const written: string[] = [];
  const clock = { uptime: () => (uptime += 250) };
  const log = createLogger({
    write: (text) => written.push(text),
    uptime: () => 0,
    now: () => 0,
  });
  return { step: stepRunner(clock, log), text: () => written.join("") };
}

describe("stepRunner", () => {
  it("reports the outcome and the time", async () => {
    const { step, text } = runner();
    expect(await step("bring up network", () => "eth0", { outcome: (link) => `${link} is up` }))
      .toBe("eth0");
    expect(text()).toBe("[0.000]: bring up network: eth0 is up, 0.25 s\n");
  });

  it("wraps an error once, with the step's name", async () => {
    const { step, text } = runner();
    const cause = new TypeError("no lease");
    const failed = await step("bring up network", () => Promise.reject(cause)).catch((error) =>
      error
    );
    expect(failed).toBeInstanceOf(AgentError);
    expect(failed.message).toBe("Cannot bring up network");
    expect(failed.cause).toBe(cause);
    expect(text()).toContain("bring up network: failed, 0.25 s");
  });

  it("goes on with the fallback of an optional step, and warns", async () => {
    const { step, text } = runner();
    const value = await step<number | undefined>("set clock", () => {
      throw new Error("no server");
    }, { optional: { fallback: undefined } });
    expect(value).toBeUndefined();
    expect(text()).toContain("WARNING: Cannot set clock, going on without it");
    expect(text()).toContain("no server");
  });

  it("closes its section also after a failure", async () => {
    const { step, text } = runner();
    await step("connect", () => Promise.reject(new Error("x")), { section: "connect" })
      .catch(() => undefined);
    expect(text()).toMatch(/section_start:0:connect\[collapsed=true\].*section_end:0:connect/s);
  });
});
