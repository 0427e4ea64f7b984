import { describe, expect, it } from "vitest";
import { redactArgv, redactText } from "../../agent/redact.ts";

describe("redactText", () => {
  it.each([
    { text: "https://user:pa55@host/path", wanted: "https://***@host/path" },
    { text: "https://user@host", wanted: "https://***@host" },
    {
      text: "see https://host/x?X-Amz-Signature=abc&y=1",
      wanted: "see https://host/x?X-Amz-Signature=***&y=1",
    },
    { text: "Authorization: Bearer abc.def", wanted: "Authorization: Bearer ***" },
    { text: "mail a@b.example stays", wanted: "mail a@b.example stays" },
    {
      text: "docker://host:5000/a@sha256:00 stays",
      wanted: "docker://host:5000/a@sha256:00 stays",
    },
  ])("$text", ({ text, wanted }) => {
    expect(redactText(text)).toBe(wanted);
  });
});

describe("redactArgv", () => {
  it("masks the values of variables whose name tells a secret", () => {
    expect(redactArgv(["crun", "-e", "API_TOKEN=abc", "--env=PASSWORD=x y", "PLAIN=1", "-eKEY=2"]))
      .toEqual(["crun", "-e", "API_TOKEN=***", "--env=PASSWORD=***", "PLAIN=1", "-eKEY=***"]);
  });
});
