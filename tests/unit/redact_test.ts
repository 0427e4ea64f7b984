import { describe, expect, it } from "vitest";
import { maskSecrets } from "../../agent/config/masked_text.ts";
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
    { text: "https=http://u:a/s3kr1t@h:1", wanted: "https=http://***@h:1" },
    { text: "http://u:a?b#c@d@h/x", wanted: "http://***@h/x" },
    { text: "http://u:80/s3kr1t@h", wanted: "http://***@h" },
    { text: "a http://h/x,http://u:p@k b@c", wanted: "a http://h/x,http://***@k b@c" },
    { text: "docker://host/a:1@sha256:00", wanted: "docker://host/a:1@sha256:00" },
    { text: "docker://u:p@host/a@sha256:00", wanted: "docker://***@host/a@sha256:00" },
    { text: "https://host/x?mail=a@b", wanted: "https://host/x?mail=a@b" },
    { text: "/x?a=b?token=c&d=e&sig=f?g", wanted: "/x?a=b?token=***&d=e&sig=***" },
    { text: "/x?auth=b&access_key=c", wanted: "/x?auth=***&access_key=***" },
  ])("$text", ({ text, wanted }) => {
    expect(redactText(text)).toBe(wanted);
  });

  const hostile = [
    ...["?key", "&sig", "?key=", "a.", "://", "a://", "://a@", "://:", "a:@/", "@", "@sha256:"],
    ..."?|=|Bearer |Basic|Bearer\t |?token=a?|https://u:p@h/|x=http://a:b/".split("|"),
    ..."key=|A=|b2c.login=|-|_token|Bearer a".split("|"),
  ];
  it.each(hostile)("takes no time for 64 KiB of %s", (piece) => {
    const text = piece.repeat(Math.ceil(65536 / piece.length));
    for (const whole of [text, `a://${text}`, `?${text}`]) {
      for (const redact of [redactText, maskSecrets]) {
        const start = performance.now();
        redact(whole);
        expect(performance.now() - start).toBeLessThan(100);
      }
    }
  });
});

describe("redactArgv", () => {
  it("masks the values of variables whose name tells a secret", () => {
    expect(redactArgv(["crun", "-e", "API_TOKEN=abc", "--env=PASSWORD=x y", "PLAIN=1", "-eKEY=2"]))
      .toEqual(["crun", "-e", "API_TOKEN=***", "--env=PASSWORD=***", "PLAIN=1", "-eKEY=***"]);
  });
});
