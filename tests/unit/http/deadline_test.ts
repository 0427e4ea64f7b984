import { describe, expect, it } from "vitest";
import { TimeoutError } from "../../../agent/errors.ts";
import { withDeadline } from "../../../agent/http/deadline.ts";
import { realClock } from "../../../agent/sys/clock.ts";

const sys = { clock: { ...realClock, uptime: () => 0 } };

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

describe("withDeadline", () => {
  it("hands on what came in time", async () => {
    expect(await withDeadline(sys, { what: "x", ms: 10_000 }, () => Promise.resolve(1))).toBe(1);
  });
  it("ends what takes too long", async () => {
    const error = await withDeadline(sys, { what: "an answer", ms: 5 }, untilAborted)
      .catch((error) => error);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toBe("Cannot wait longer for an answer: 0.005 s are over");
  });
  it("follows an outer signal, also after it is done", async () => {
    const outer = new AbortController();
    const limit = { what: "x", ms: 10_000, signal: outer.signal };
    const inner = await withDeadline(sys, limit, (signal) => Promise.resolve(signal));
    expect(inner.aborted).toBe(false);
    outer.abort(new Error("stop"));
    expect(inner.aborted).toBe(true);
    await expect(withDeadline(sys, limit, (signal) => {
      signal.throwIfAborted();
      return Promise.resolve();
    })).rejects.toThrow("stop");
  });
});
