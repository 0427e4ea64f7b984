import { describe as suite, expect, it } from "vitest";
import {
  AgentError,
  CommandError,
  describe,
  findCause,
  SyscallError,
  TimeoutError,
} from "../../agent/errors.ts";

suite("describe", () => {
  it("tells the causes that add something, and the deepest useful hint", () => {
    const inner = new TimeoutError("a DHCP lease", 30_000, { hint: "is the cable in?" });
    const outer = new AgentError("Cannot bring up network", { cause: inner });
    expect(describe(outer)).toBe(
      "Cannot bring up network\nbecause: Cannot wait longer for a DHCP lease: 30 s are over\n" +
        "hint: is the cable in?",
    );
  });

  it("does not repeat what a message already says", () => {
    const inner = new Error("no space");
    expect(describe(new AgentError("Cannot write x: no space", { cause: inner }))).toBe(
      "Cannot write x: no space",
    );
  });

  it("ends at loops and takes anything", () => {
    const a = new AgentError("a");
    Object.defineProperty(a, "cause", { value: a });
    expect(describe(a)).toBe("a");
    expect(describe("text")).toBe("text");
  });
});

suite("findCause", () => {
  it("looks along the chain", () => {
    const deep = new SyscallError("mount", "/x", "EBUSY");
    const error = new AgentError("a", { cause: new AgentError("b", { cause: deep }) });
    expect(findCause(error, SyscallError)).toBe(deep);
    expect(findCause(error, TimeoutError)).toBeUndefined();
  });
});

suite("CommandError", () => {
  it("shows the last lines of stderr", () => {
    const error = new CommandError(["crun", "run"], 1, "one\ntwo\nthree\nfour\n");
    expect(error.message).toBe("Cannot run crun run: exit status 1: two; three; four");
  });
});
