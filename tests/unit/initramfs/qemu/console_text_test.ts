import { describe, expect, it } from "vitest";
import {
  parseConsoleLines,
  parseLastWords,
  parseStampedLine,
} from "../../../../initramfs/qemu/console_text.ts";

const OVER = "Execution is over, pipeline status:";
const PANIC = "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100";

describe("parseConsoleLines", () => {
  it("drops line ends of a terminal, and escape sequences", () => {
    expect(parseConsoleLines("a\r\n\x1b[1;31mb\x1b[0m\r\nc")).toEqual(["a", "b", "c"]);
  });

  it("shows of a section mark only its title", () => {
    const mark = "\x1b[0Ksection_start:1700000000:connect[collapsed=true]\r\x1b[0K[1.500]: Connect";
    expect(parseConsoleLines(`${mark}\r\n`)).toEqual(["[1.500]: Connect", ""]);
  });
});

describe("parseStampedLine", () => {
  it("reads time and text", () => {
    expect(parseStampedLine("[12.345]: a: b")).toEqual({ uptime: 12.345, text: "a: b" });
  });

  it("leaves the kernel's lines alone", () => {
    expect(parseStampedLine("[    2.381423] reboot: Power down")).toBeUndefined();
  });
});

describe("parseLastWords", () => {
  it.each([
    { name: "plain", text: `${OVER} 3\r\n` },
    { name: "with the time", text: `[4.500]: ${OVER} 3\r\n` },
    { name: "as the title of a section", text: `\x1b[0Ksection_start:1:x\r\x1b[0K${OVER} 3\r\n` },
    { name: "after what a container printed", text: `${OVER} 0\n[4.5]: ${OVER} 3\nreboot: x\n` },
  ])("reads the status $name", ({ text }) => {
    expect(parseLastWords(text)).toEqual({ status: 3, panic: undefined });
  });

  it("takes no status from the middle of a line", () => {
    expect(parseLastWords(`echo ${OVER} 3\n${OVER} 3 or so\n`).status).toBeUndefined();
  });

  it("sees a panic after the status", () => {
    expect(parseLastWords(`${OVER} 0\r\n[    9.1] ${PANIC}\r\n`).panic).toBe(PANIC);
  });

  it("believes no panic that a container printed", () => {
    expect(parseLastWords(`${PANIC}\n${OVER} 0\n`)).toEqual({ status: 0, panic: undefined });
  });
});
