import { describe, expect, it } from "vitest";
import { parseCapabilityMask, planCapabilities } from "../../../agent/container/capabilities.ts";

const BOUNDING = ["CAP_CHOWN", "CAP_KILL", "CAP_NET_ADMIN", "CAP_SYS_ADMIN"];

function plan(options: {
  privileged?: boolean;
  add?: readonly string[];
  drop?: readonly string[];
  uid?: number;
}) {
  return planCapabilities({ privileged: false, add: [], drop: [], uid: 0, ...options }, BOUNDING);
}

describe("planCapabilities", () => {
  it.each([
    { about: "the default set, as far as the machine has it", options: {}, bounding: "CHOWN KILL" },
    { about: "all", options: { add: ["all"] }, bounding: "CHOWN KILL NET_ADMIN SYS_ADMIN" },
    {
      about: "all but one",
      options: { add: ["ALL"], drop: ["kill"] },
      bounding: "CHOWN NET_ADMIN SYS_ADMIN",
    },
    { about: "one of the defaults less", options: { drop: ["CAP_KILL"] }, bounding: "CHOWN" },
    { about: "none", options: { drop: ["all"] }, bounding: "" },
    { about: "one", options: { drop: ["all"], add: ["net_admin"] }, bounding: "NET_ADMIN" },
    {
      about: "everything when privileged, whatever is dropped",
      options: { privileged: true, drop: ["all"] },
      bounding: "CHOWN KILL NET_ADMIN SYS_ADMIN",
    },
    {
      about: "a drop of what the machine does not have",
      options: { drop: ["NET_RAW"] },
      bounding: "CHOWN KILL",
    },
  ])("gives $about", ({ options, bounding }) => {
    const names = bounding === "" ? [] : bounding.split(" ").map((name) => `CAP_${name}`);
    expect(plan(options)).toEqual({ bounding: names, effective: names, permitted: names });
  });

  it("leaves another user the bounding set alone", () => {
    expect(plan({ uid: 1, privileged: true })).toEqual({ bounding: BOUNDING });
  });

  it("gives another user what was added, as ambient too", () => {
    const one = ["CAP_NET_ADMIN"];
    expect(plan({ uid: 1, privileged: true, add: one })).toEqual({
      bounding: BOUNDING,
      effective: one,
      permitted: one,
      inheritable: one,
      ambient: one,
    });
  });

  it.each([
    { options: { add: ["NO_SUCH"] }, message: "capability NO_SUCH: unknown name" },
    { options: { drop: ["NO_SUCH"] }, message: "capability NO_SUCH: unknown name" },
    { options: { add: ["KILL"], drop: ["CAP_KILL"] }, message: "add and drop capability CAP_KILL" },
    { options: { add: ["all"], drop: ["all"] }, message: "add and drop capability all" },
    { options: { add: ["SYS_BOOT"] }, message: "this machine does not have it" },
  ])("refuses: $message", ({ options, message }) => {
    expect(() => plan(options)).toThrow(message);
  });
});

describe("parseCapabilityMask", () => {
  it("names the bits, the lowest first", () => {
    expect(parseCapabilityMask("0000000000000021\n")).toEqual(["CAP_CHOWN", "CAP_KILL"]);
    expect(parseCapabilityMask("000001ffffffffff")).toHaveLength(41);
  });
});
