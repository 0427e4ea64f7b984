import { describe, expect, it } from "vitest";
import { redactArgv, redactText } from "../../agent/redact.ts";

describe("redactText", () => {
  it.each([
    ["https://user:pa55@host/path", "https://***@host/path"],
    ["https://user@host", "https://***@host"],
    ["see https://host/x?X-Amz-Signature=abc&y=1", "see https://host/x?X-Amz-Signature=***&y=1"],
    ["Authorization: Bearer abc.def", "Authorization: Bearer ***"],
    ["mail a@b.example stays", "mail a@b.example stays"],
    ["docker://host:5000/a@sha256:00 stays", "docker://host:5000/a@sha256:00 stays"],
  ])("%s", ([text, wanted]) => {
    expect(redactText(text!)).toBe(wanted);
  });
});

describe("redactArgv", () => {
  it("masks the values of variables whose name tells a secret", () => {
    expect(redactArgv(["crun", "-e", "API_TOKEN=abc", "--env=PASSWORD=x y", "PLAIN=1", "-eKEY=2"]))
      .toEqual(["crun", "-e", "API_TOKEN=***", "--env=PASSWORD=***", "PLAIN=1", "-eKEY=***"]);
  });
});
