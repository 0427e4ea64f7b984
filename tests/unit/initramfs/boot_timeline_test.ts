import { describe, expect, it } from "vitest";
import { parseStep, renderPhases, watchTimeline } from "../../../initramfs/boot_timeline.ts";

const section = (name: string, title: string) =>
  `\x1b[0Ksection_start:1700000000:${name}[collapsed=true]\r\x1b[0K[2.100]: ${title}\r\n`;
const sectionEnd = (name: string) => `\x1b[0Ksection_end:1700000001:${name}\r\x1b[0K\r\n`;

describe("watchTimeline", () => {
  it("tells agent's start, container's first line, steps", () => {
    const watch = watchTimeline();
    watch.push("[    0.9] kernel\r\n", 900);
    watch.push("[2.0", 2000);
    watch.push("00]: agent 0.1.0\r\n", 2010);
    watch.push(section("connect", "bring up network"), 2100);
    watch.push("[2.300]: bring up network: eth0 10.0.2.15/24, 0.20 s\r\n", 2300);
    watch.push(sectionEnd("connect") + "noise\r\n", 2310);
    watch.push(section("container_run", "Run container: demo"), 3000);
    watch.push("[3.010]: warning\r\n\r\nHello\r\nmore\r\n", 3500);
    watch.push(`more\r\n${sectionEnd("container_run")}[3.800]: it ended\r\n`, 3800);
    expect(watch.timeline()).toEqual({
      agentStart: 2010,
      firstOutput: 3500,
      steps: [{ name: "bring up network", seconds: 0.2 }, {
        name: "container",
        seconds: expect.closeTo(1.7),
      }],
    });
  });

  it("knows nothing of a machine that said nothing", () => {
    expect(watchTimeline().timeline()).toEqual({
      agentStart: undefined,
      firstOutput: undefined,
      steps: [],
    });
  });
});

describe("parseStep", () => {
  it.each([
    { text: "bring up network: eth0, 10.0.2.15/24, 0.20 s", name: "bring up network" },
    { text: "set clock: 1.05 s", name: "set clock" },
    {
      text: "pull docker://h:5000/a:b: 3 layers, 1.1 MB, 5.63 s",
      name: "pull docker://h:5000/a:b",
    },
    { text: "set clock: failed, 1.05 s", name: "set clock" },
  ])("reads $text", ({ text, name }) => {
    expect(parseStep(text)?.name).toBe(name);
  });

  it("leaves other lines alone", () => {
    expect(parseStep("power-off in 5 s")).toBeUndefined();
    expect(parseStep("pulling demo: 3 MiB")).toBeUndefined();
  });
});

describe("renderPhases", () => {
  it("aligns names and times", () => {
    const phases = [{ name: "a", seconds: 1 }, { name: "long name", seconds: 12.345 }];
    expect(renderPhases(phases)).toBe("a            1.00 s\nlong name   12.35 s");
  });
});
