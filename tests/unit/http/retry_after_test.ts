import { describe, expect, it } from "vitest";
import { parseRetryAfter } from "../../../agent/http/retry_after.ts";

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);

describe("parseRetryAfter", () => {
  it.each([
    { header: "0", wait: 0 },
    { header: " 120 ", wait: 120_000 },
    { header: "Mon, 23 Nov 2026 12:00:30 GMT", wait: 30_000 },
    { header: "Mon, 23 Nov 2026 11:00:00 GMT", wait: 0 },
    { header: "Monday, 23-Nov-26 12:01:00 GMT", wait: 60_000 },
    { header: "-5", wait: undefined },
    { header: "1.5", wait: undefined },
    { header: "soon", wait: undefined },
    { header: "", wait: undefined },
    { header: null, wait: undefined },
  ])("$header means $wait", ({ header, wait }) => {
    expect(parseRetryAfter(header, NOW)).toBe(wait);
  });
});
