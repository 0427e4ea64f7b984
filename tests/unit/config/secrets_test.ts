import { describe, expect, it } from "vitest";
import { locate } from "../../../agent/config/located.ts";
import { MASK, maskSecrets, renderMasked } from "../../../agent/config/masked_text.ts";
import { isSecretName } from "../../../agent/config/secret_spans.ts";
import { findSecretStarts } from "../../../agent/config/secret_words.ts";
import * as redact from "../../../agent/redact.ts";

describe("secret names", () => {
  const names = [
    ..."PASSWORD passwd API_TOKEN secret SECRET_KEY aws_credentials KEYMAP PATH HOME user".split(
      " ",
    ),
    ..."DB_PASS monkey token1 Credential AUTH AUTHOR Authorization GIT_AUTHOR_NAME".split(" "),
    ..."GITHUB_PAT PAT pat2 PATTERN compat TLS_PEM pemmican PRIVATE".split(" "),
  ];
  it.each(names)("%s is judged as on the console", (name) => {
    expect(isSecretName(name)).toBe(redact.isSecretName(name));
  });

  it.each([
    ..."PAT GITHUB_PAT pat2 AUTH Authorization TLS_PEM PRIVATE npm_auth".split(" "),
  ])("%s is one", (name) => expect(isSecretName(name)).toBe(true));
  it.each([..."PATH PATTERN compat AUTHOR GIT_AUTHOR_NAME pemmican HOME".split(" ")])(
    "%s is none",
    (name) => expect(isSecretName(name)).toBe(false),
  );

  it.each([
    ..."http://u:a/s@h:1 http://u@h http://@h http://u:p@x@h/y http://a:1/x?m=b@c".split(" "),
    ..."docker://h:5/a@sha256:0 docker://h/a:1@sha256:0 x://y://u:p@h a:// ://u:p@h".split(" "),
    ..."http://h/x,http://u:p@k http://[::1]/a@b http://h/?a=b?sig=c&key=d?e=f".split(" "),
    ..."http://h/?token= 'http://u:p@h'@x".split(" "),
  ])("are masked in %s as on the console", (text) => {
    expect(maskSecrets(text)).toBe(redact.redactText(text));
  });

  it("leaves the same mark", () => expect(MASK).toBe(redact.MASK));
});

describe("masked text", () => {
  it.each([
    { text: "https://joe:pw@host/x", wanted: "https://***@host/x" },
    { text: "http://h/?X-Amz-Signature=abc&a=b", wanted: "http://h/?X-Amz-Signature=***&a=b" },
    { text: "http://h/?token=abc", wanted: "http://h/?token=***" },
    { text: "Authorization: Bearer abc.def", wanted: "Authorization: Bearer ***" },
    { text: "sh -c API_TOKEN=abc;run", wanted: "sh -c API_TOKEN=***;run" },
    { text: "--env=PASSWORD=abc next", wanted: "--env=PASSWORD=*** next" },
    { text: "alpine b2c.minio=gw,http://x,a,b c", wanted: "alpine b2c.minio=*** c" },
    { text: "PATH=/bin A=b", wanted: "PATH=/bin A=b" },
    { text: "user@host https://host/a@b", wanted: "user@host https://host/a@b" },
  ])("$text", ({ text, wanted }) => expect(maskSecrets(text)).toBe(wanted));

  it("marks a place once, and maps columns around it", () => {
    const source = { name: "", text: "ab SECRET cd" };
    const spans = [{ start: 6, end: 9 }, { start: 3, end: 7 }];
    const { text, columns } = renderMasked(locate(source, 0, 12), spans);
    expect(text).toBe("ab *** cd");
    expect(columns).toEqual([0, 1, 2, 3, 3, 3, 3, 3, 3, 6, 7, 8, 9]);
  });

  it("shows control characters instead of sending them", () => {
    const source = { name: "", text: "a\x1b[2J\n\0\tb\x9b" };
    expect(renderMasked(locate(source, 0, source.text.length), []).text)
      .toBe("a\\x1b[2J\\n\\x00 b\\x9b");
  });
});

describe("secret words", () => {
  it.each([
    { words: ["-e", "PASSWORD=a b", "img"], starts: [undefined, 9, undefined] },
    { words: ["-ePASSWORD=x"], starts: [11] },
    { words: ["-e=PASSWORD=x"], starts: [12] },
    { words: ["--env=API_TOKEN=x"], starts: [16] },
    { words: ["curl", "--token", "abc"], starts: [undefined, undefined, 0] },
    { words: ["--password=abc"], starts: [11] },
    { words: ["--token", "--quiet"], starts: [undefined, undefined] },
    { words: ["--creds", "joe:pw"], starts: [undefined, 0] },
    { words: ["--creds=joe:pw"], starts: [8] },
    { words: ["HOME=/root", "a=b"], starts: [undefined, undefined] },
  ])("$words", ({ words, starts }) => {
    expect(findSecretStarts(words)).toEqual(starts);
  });
});
