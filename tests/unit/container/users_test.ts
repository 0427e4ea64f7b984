import { describe, expect, it } from "vitest";
import { chooseUser, parseGroup, parsePasswd } from "../../../agent/container/users.ts";
import { DATABASE } from "../../support/container_case.ts";

describe("parsePasswd", () => {
  it("leaves out lines that are not whole", () => {
    const text = [
      "root:x:0:0:root:/root:/bin/sh",
      "",
      "# comment",
      "broken:x:zero:0::/:",
      "+nis",
      "negative:x:-1:0::/:",
      "huge:x:2147483648:0::/:",
      ":x:5:5::/:",
      "bare:x:7:8",
    ].join("\n");
    expect(parsePasswd(text)).toEqual([
      { name: "root", uid: 0, gid: 0, home: "/root" },
      { name: "bare", uid: 7, gid: 8, home: "" },
    ]);
  });
});

describe("parseGroup", () => {
  it("splits members", () => {
    expect(parseGroup("root:x:0:\nvideo:x:44:a,b,\nbad:x::c\n")).toEqual([
      { name: "root", gid: 0, members: [] },
      { name: "video", gid: 44, members: ["a", "b"] },
    ]);
  });
});

describe("chooseUser", () => {
  it.each([
    { written: "", uid: 0, gid: 0, additionalGids: [0, 44], home: "/root" },
    { written: "root", uid: 0, gid: 0, additionalGids: [0, 44], home: "/root" },
    { written: "user", uid: 1000, gid: 1000, additionalGids: [1000, 29, 44], home: "/home/user" },
    { written: "1000", uid: 1000, gid: 1000, additionalGids: [1000, 29, 44], home: "/home/user" },
    { written: "user:", uid: 1000, gid: 1000, additionalGids: [1000], home: "/home/user" },
    { written: "user:audio", uid: 1000, gid: 29, additionalGids: [29], home: "/home/user" },
    { written: "user:7", uid: 1000, gid: 7, additionalGids: [7], home: "/home/user" },
    { written: "1000:44", uid: 1000, gid: 44, additionalGids: [44], home: "/home/user" },
    { written: ":audio", uid: 0, gid: 29, additionalGids: [29], home: "/root" },
    { written: "1234", uid: 1234, gid: 0, additionalGids: [0], home: "/" },
    { written: "1234:audio", uid: 1234, gid: 29, additionalGids: [29], home: "/" },
    { written: "2147483647", uid: 2147483647, gid: 0, additionalGids: [0], home: "/" },
  ])("understands '$written'", ({ written, ...wanted }) => {
    expect(chooseUser(written, DATABASE, [])).toEqual(wanted);
  });

  it("adds groups once", () => {
    expect(chooseUser("user", DATABASE, ["audio", "555", "29"]).additionalGids)
      .toEqual([1000, 29, 44, 555]);
  });

  it("takes a number for an id even where a user has that name", () => {
    const users = [{ name: "1000", uid: 5, gid: 5, home: "/five" }];
    expect(chooseUser("1000", { users, groups: [] }, []).uid).toBe(1000);
  });

  it("does not believe a home that is not absolute", () => {
    const users = [{ name: "a", uid: 5, gid: 5, home: "" }];
    expect(chooseUser("a", { users, groups: [] }, []).home).toBe("/");
  });

  it.each([
    { written: "nobody", message: "user nobody: not in the image's /etc/passwd" },
    { written: "-1", message: "user -1: not in" },
    { written: "user:nogroup", message: "group nogroup: not in the image's /etc/group" },
    { written: "2147483648", message: "ids go from 0 to 2147483647" },
    { written: "0:4294967295", message: "ids go from 0 to 2147483647" },
  ])("refuses '$written'", ({ written, message }) => {
    expect(() => chooseUser(written, DATABASE, [])).toThrow(message);
  });

  it("refuses an unknown group to add", () => {
    expect(() => chooseUser("", DATABASE, ["nogroup"])).toThrow("group nogroup");
  });
});
