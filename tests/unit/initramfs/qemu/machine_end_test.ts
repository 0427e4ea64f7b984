import { describe, expect, it } from "vitest";
import {
  classifyEnd,
  type EndFacts,
  exitStatusOf,
  renderEnd,
} from "../../../../initramfs/qemu/machine_end.ts";

const FACTS: EndFacts = {
  console: "[4.5]: Execution is over, pipeline status: 3\r\n",
  qemuStatus: 0,
  qemuMessage: "",
  stoppedBy: undefined,
  limitMs: 20_000,
};

const CASES: readonly { name: string; facts: Partial<EndFacts>; kind: string; status: number }[] = [
  { name: "a pipeline that failed", facts: {}, kind: "pipeline", status: 3 },
  {
    name: "a status of more than eight bits",
    facts: { console: "Execution is over, pipeline status: 256\n" },
    kind: "pipeline",
    status: 255,
  },
  { name: "nothing said", facts: { console: "hello\n" }, kind: "silent", status: 1 },
  {
    name: "a panic",
    facts: { console: "[ 1.0] Kernel panic - not syncing: No init\n" },
    kind: "panic",
    status: 1,
  },
  {
    name: "a panic that hung",
    facts: { console: "Kernel panic - not syncing: x\n", stoppedBy: "timeout" },
    kind: "panic",
    status: 1,
  },
  { name: "no end in time", facts: { stoppedBy: "timeout" }, kind: "timeout", status: 124 },
  { name: "stopped", facts: { stoppedBy: "caller" }, kind: "stopped", status: 130 },
  {
    name: "QEMU failed",
    facts: { console: "", qemuStatus: 1, qemuMessage: "no such file\n" },
    kind: "qemu",
    status: 1,
  },
];

describe("classifyEnd and exitStatusOf", () => {
  it.each(CASES)("$name: $kind, status $status", ({ facts, kind, status }) => {
    const end = classifyEnd({ ...FACTS, ...facts });
    expect(end.kind).toBe(kind);
    expect(exitStatusOf(end)).toBe(status);
  });
});

describe("renderEnd", () => {
  it("says what is known", () => {
    expect(renderEnd(classifyEnd(FACTS))).toBe("The machine ended, pipeline status 3");
    expect(renderEnd({ kind: "timeout", seconds: 20 })).toContain("after 20 s");
    expect(renderEnd({ kind: "qemu", status: 1, message: "no such file" }))
      .toBe("Cannot run the machine: QEMU ended with status 1: no such file");
  });
});
