import { describe, it } from "vitest";
import { HttpError, IntegrityError, RegistryError, TimeoutError } from "../../agent/errors.ts";
import { checkFaultCase, type FaultCase, IMAGE, PLAIN } from "../support/fault_case.ts";

const STATUSES: readonly FaultCase[] = [
  ...[408, 429, 500, 502, 503, 504].map((status): FaultCase => ({
    name: `status ${status}, four times`,
    faults: [{ on: "manifest", kind: "status", status, times: 4 }],
  })),
  {
    name: "status 503, for ever",
    faults: [{ on: "manifest", kind: "status", status: 503 }],
    error: RegistryError,
    says: ["answered with status 503"],
    asks: Array.from({ length: 5 }, () => "GET manifest"),
  },
  {
    name: "Retry-After in seconds",
    faults: [{ on: "layer", kind: "status", status: 429, retryAfter: "20", times: 1 }],
    asks: [...PLAIN, "GET layer"],
  },
  ...[400, 403, 410, 501].map((status): FaultCase => ({
    name: `status ${status}`,
    faults: [{ on: "layer", kind: "status", status }],
    error: RegistryError,
    says: [`status ${status}`],
    asks: PLAIN,
  })),
];

describe("an answer that is none", () => {
  it.each(STATUSES)("$name", checkFaultCase);
});

const BODIES: readonly FaultCase[] = [
  {
    name: "a layer that is cut twice",
    faults: [{ on: "layer", kind: "cut", after: 1_000_000, times: 2 }],
    asks: [...PLAIN, "GET layer bytes=1000000-", "GET layer bytes=2000000-"],
  },
  {
    name: "a layer that is cut, of a registry that knows no ranges",
    faults: [
      { on: "layer", kind: "cut", after: 1_000_000, times: 1 },
      { on: "layer", kind: "noRange" },
    ],
    asks: [...PLAIN, "GET layer bytes=1000000-"],
  },
  {
    name: "a layer that is cut, and goes on somewhere else",
    faults: [
      { on: "layer", kind: "cut", after: 1_000_000, times: 1 },
      { on: "layer", kind: "wrongRange", by: 5 },
    ],
    error: IntegrityError,
    says: ["layer sha256:", "bytes 1000000-"],
  },
  {
    name: "a layer that lies about where it goes on",
    faults: [
      { on: "layer", kind: "cut", after: 1_000_000, times: 1 },
      { on: "layer", kind: "header", name: "content-range", value: "bytes 1000000-3145727/*" },
      { on: "layer", kind: "noLength" },
      { on: "layer", kind: "resize", by: -5 },
    ],
    error: IntegrityError,
    says: ["wanted bytes 3145723-3145727/3145728, got bytes 1000000-3145727/*"],
  },
  {
    name: "a layer that is cut at the same place for ever",
    faults: [{ on: "layer", kind: "cut", after: 100_000 }, { on: "layer", kind: "noRange" }],
    error: HttpError,
    says: ["broke the connection"],
    asks: [...PLAIN, ...Array.from({ length: 4 }, () => "GET layer bytes=100000-")],
  },
  {
    name: "a layer that comes bit by bit, in many cuts",
    faults: [{ on: "layer", kind: "cut", after: 1_100_000, times: 40 }],
  },
  {
    name: "a layer that stalls",
    faults: [{ on: "layer", kind: "stall", after: 500_000, times: 1 }],
    asks: [...PLAIN, "GET layer bytes=500000-"],
  },
  {
    name: "a layer that always stalls",
    faults: [{ on: "layer", kind: "stall", after: 0 }],
    error: TimeoutError,
    says: ["the next byte of layer sha256:", "30 s are over"],
  },
  {
    name: "a layer at a tenth of the lowest rate",
    // With a clock that runs 50 times as fast, 100 bytes a second.
    faults: [{ on: "layer", kind: "trickle", bytes: 1000, intervalMs: 200 }],
    error: TimeoutError,
    says: ["61440 bytes of layer sha256:", "60 s are over"],
  },
  {
    name: "a layer in small pieces",
    faults: [{ on: "layer", kind: "trickle", bytes: 65_536, intervalMs: 1 }],
    asks: PLAIN,
  },
  {
    name: "bodies without a length",
    faults: (["manifest", "config", "layer"] as const).map((on) => ({ on, kind: "noLength" })),
    asks: PLAIN,
  },
  ...([["layer", 1], ["layer", -1], ["config", 1], ["config", -1]] as const).flatMap(([on, by]) =>
    [true, false].map((told): FaultCase => ({
      name: `a ${on} of ${by} byte more, ${told ? "told before" : "not told before"}`,
      faults: [{ on, kind: "resize", by }, ...(told ? [] : [{ on, kind: "noLength" } as const])],
      // A body that ends early might have been cut: only tries tell.
      error: on === "layer" && by < 0 && !told ? HttpError : IntegrityError,
      says: [on, on === "layer" && by < 0 && !told ? "ended early" : "bytes"],
    }))
  ),
  {
    name: "a layer with one wrong bit",
    faults: [{ on: "layer", kind: "corrupt" }],
    error: IntegrityError,
    says: [`wanted ${IMAGE.layerDigests[0]}`],
    asks: PLAIN,
  },
];

describe("a body", () => {
  it.each(BODIES)("$name", checkFaultCase);
  it.each(BODIES)(
    "$name, read into buffers of the reader",
    (row) => checkFaultCase({ ...row, options: { ...row.options, ownBuffers: true } }),
  );
});
