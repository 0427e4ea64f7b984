import { describe, expect, it } from "vitest";
import { HttpError, IntegrityError, TimeoutError } from "../../../agent/errors.ts";
import {
  isRetryable,
  isRetryableStatus,
  openBackoff,
  PATIENT,
  planDelay,
  retry,
} from "../../../agent/http/retry.ts";
import { instantClock } from "../../support/instant_clock.ts";

function failure(status: number, retryable?: boolean, retryAfterMs?: number): HttpError {
  const options = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new HttpError("GET", "http://x/", status, retryable ?? true, `status ${status}`, options);
}

describe("isRetryableStatus", () => {
  it.each([408, 429, 500, 502, 503, 504])("%s may pass", (status) => {
    expect(isRetryableStatus(status)).toBe(true);
  });
  it.each([200, 400, 401, 403, 404, 410, 416, 501, 505])("%s will not", (status) => {
    expect(isRetryableStatus(status)).toBe(false);
  });
});

describe("isRetryable", () => {
  it.each([
    { error: new TimeoutError("an answer", 5), wanted: true },
    { error: failure(503), wanted: true },
    { error: failure(404, false), wanted: false },
    { error: new IntegrityError("x", "a", "b"), wanted: false },
    { error: new TypeError("x"), wanted: false },
  ])("$error", ({ error, wanted }) => {
    expect(isRetryable(error)).toBe(wanted);
  });
});

describe("planDelay", () => {
  it("doubles, up to the cap, and takes away up to half at random", () => {
    const delays = [1, 2, 3, 4, 7, 40].map((count) => planDelay(count, PATIENT, 1, undefined));
    expect(delays).toEqual([1000, 2000, 4000, 8000, 60_000, 60_000]);
    expect(planDelay(3, PATIENT, 0, undefined)).toBe(2000);
  });
  it("never undercuts what the server asks for", () => {
    expect(planDelay(1, PATIENT, 0, 90_000)).toBe(90_000);
    expect(planDelay(5, PATIENT, 1, 10)).toBe(16_000);
  });
});

describe("retry", () => {
  it("tries five times, then throws the last error as it is", async () => {
    const clock = instantClock();
    const errors: HttpError[] = [];
    const seen: number[] = [];
    const attempt = () => {
      errors.push(failure(500 + errors.length));
      return Promise.reject(errors.at(-1));
    };
    const run = retry({ clock }, PATIENT, attempt, {
      onRetry: ({ attempt, tries }) => seen.push(attempt * 10 + tries),
    });
    const error = await run.catch((error) => error);
    expect(error).toBe(errors[4]);
    expect(errors).toHaveLength(5);
    expect(clock.waits).toHaveLength(4);
    expect(seen).toEqual([15, 25, 35, 45]);
  });

  it("waits as long as Retry-After says", async () => {
    const clock = instantClock();
    let count = 0;
    const attempt = () =>
      count++ === 0 ? Promise.reject(failure(429, true, 45_000)) : Promise.resolve("good");
    expect(await retry({ clock }, PATIENT, attempt)).toBe("good");
    expect(clock.waits).toEqual([45_000]);
  });

  it("does not wait for an hour because a server says so", async () => {
    const clock = instantClock();
    const error = failure(429, true, 3_600_000);
    expect(await retry({ clock }, PATIENT, () => Promise.reject(error)).catch((e) => e)).toBe(
      error,
    );
    expect(clock.waits).toEqual([]);
  });

  it("does not try again what is final", async () => {
    let count = 0;
    const attempt = () => {
      count++;
      return Promise.reject(failure(404, false));
    };
    await expect(retry({ clock: instantClock() }, PATIENT, attempt)).rejects.toThrow("404");
    expect(count).toBe(1);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    const attempt = () => {
      stop.abort(new Error("enough"));
      return Promise.reject(failure(503));
    };
    const run = retry({ clock: instantClock() }, PATIENT, attempt, { signal: stop.signal });
    await expect(run).rejects.toThrow("enough");
  });
});

describe("openBackoff", () => {
  it("starts over after progress", async () => {
    const clock = instantClock();
    const backoff = openBackoff({ clock }, { tries: 2, firstDelayMs: 10, capMs: 10 });
    for (let cut = 0; cut < 10; cut++) {
      await backoff.waitAfter(failure(0));
      backoff.reset();
    }
    await backoff.waitAfter(failure(0));
    await expect(backoff.waitAfter(failure(0))).rejects.toThrow(HttpError);
  });
});
