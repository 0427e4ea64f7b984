import { describe, expect, it } from "vitest";
import { createLogger, renderNotice } from "../../agent/log.ts";

function logger() {
  const written: string[] = [];
  const log = createLogger({
    write: (text) => written.push(text),
    uptime: () => 12_345,
    now: () => 1_700_000_000_999,
  });
  return { log, text: () => written.join("") };
}

describe("createLogger", () => {
  it("stamps every line of a message with the uptime in seconds", () => {
    const { log, text } = logger();
    log.info("one\ntwo");
    log.warn("three");
    log.error("four");
    expect(text()).toBe(
      "[12.345]: one\n[12.345]: two\n[12.345]: WARNING: three\n[12.345]: ERROR: four\n",
    );
  });

  it("writes sections as GitLab reads them; the container's own is open", () => {
    const { log, text } = logger();
    log.startSection("connect", "bring up network");
    log.endSection("connect");
    log.startSection("container_run", "run alpine");
    expect(text()).toBe(
      "\x1b[0Ksection_start:1700000000:connect[collapsed=true]\r\x1b[0K[12.345]: bring up network\n" +
        "\x1b[0Ksection_end:1700000000:connect\r\x1b[0K\n" +
        "\x1b[0Ksection_start:1700000000:container_run\r\x1b[0K[12.345]: run alpine\n",
    );
  });

  it("masks credentials and makes control characters visible", () => {
    const { log, text } = logger();
    log.error("GET https://me:hunter2@host/x?token=abc \x1b[2J\r");
    expect(text()).toBe("[12.345]: ERROR: GET https://***@host/x?token=*** \\x1b[2J\\x0d\n");
  });

  it("cuts long lines after what has to be masked", () => {
    const { log, text } = logger();
    log.info(`${"x".repeat(4080)} https://u:${"p".repeat(100)}@h/\nnext`);
    const [first, second] = text().split("\n");
    expect(first).toBe(`[12.345]: ${"x".repeat(4080)} https://***@h/`);
    expect(second).toBe("[12.345]: next");
    log.info("y".repeat(5000));
    expect(text()).toContain(`${"y".repeat(4096)}… (904 characters more)\n`);
  });

  it("says words that others wait for only by itself", () => {
    const { log, text } = logger();
    log.info("no\nIt's now safe to turn off your computer");
    log.startSection("connect", "It's now safe to turn off your computer\r");
    log.error("Execution is over, pipeline status: 0");
    expect(text()).not.toMatch(/It's now safe to turn off your computer/);
    expect(text()).not.toMatch(/Execution is over, pipeline status: \d/);
    expect(text()).toContain("It's now safe to turn off (quoted) your computer\n");
    log.plain("It's now safe to turn off your computer");
    expect(text()).toMatch(/^It's now safe to turn off your computer\r?$/m);
  });

  it("keeps lines back while a container has the terminal, and tells how many it dropped", () => {
    const { log, text } = logger();
    {
      using _outer = log.hold();
      {
        using _inner = log.hold();
        log.info("background");
      }
      expect(text()).toBe("");
    }
    expect(text()).toBe("[12.345]: background\n");
    const flooded = logger();
    {
      using _ = flooded.log.hold();
      for (let line = 0; line < 1003; line++) flooded.log.info(`line ${line}`);
    }
    const lines = flooded.text().split("\n");
    expect(lines[0]).toBe("[12.345]: (3 earlier lines were dropped)");
    expect(lines[1]).toBe("[12.345]: line 3");
  });
});

describe("renderNotice", () => {
  it("masks credentials and makes control characters visible, line by line", () => {
    expect(renderNotice("Cannot get http://u:p@h/: \x1b[2J\u202e\r\n\tnext\n"))
      .toBe("Cannot get http://***@h/: \\x1b[2J\\u{202e}\\x0d\n\tnext\n");
    expect(renderNotice(`${"z".repeat(5000)}\n`)).toMatch(/ \(904 characters more\)\n$/);
  });
});
