import { describe, expect, it } from "vitest";
import { parseS3Endpoint, parseS3Location } from "../../../agent/config/s3_options.ts";
import { parseVolume } from "../../../agent/config/volume_options.ts";
import { parseLine, parseValue } from "../../support/parse_value.ts";

const KEY = `${"A".repeat(85)}Q==`.slice(0, 86) + "==";
const BUCKET = { alias: "gw", bucket: "job", prefix: "" };

describe("b2c.volume", () => {
  it("is a plain one by its name alone", () => {
    expect(parseValue(parseVolume, "tmp").value).toEqual({
      name: "tmp",
      pullFrom: undefined,
      pushTo: undefined,
      pullOn: [],
      pushOn: [],
      overwrite: false,
      remove: false,
      exclude: [],
      encryptKeys: [],
      preserve: false,
      expiration: "never",
      filesystem: undefined,
      fscryptKey: undefined,
      fscryptResetKey: false,
    });
  });

  it.each([
    {
      text: "job,mirror=gw/job,pull_on=pipeline_start,push_on=changes|pipeline_end,overwrite",
      wanted: {
        pullFrom: BUCKET,
        pushTo: BUCKET,
        pullOn: ["pipeline_start"],
        pushOn: ["changes", "pipeline_end"],
        overwrite: true,
      },
    },
    {
      text: "job,pull_from=gw/job/some//deep/,pull_on=container_start",
      wanted: {
        pullFrom: { alias: "gw", bucket: "job", prefix: "some/deep" },
        pushTo: undefined,
      },
    },
    {
      text: "job,push_to=gw/job,push_on=container_end,preserve,remove,expiration=pipeline_end",
      wanted: { pullFrom: undefined, pushTo: BUCKET, preserve: true, remove: true },
    },
    {
      text: "job,exclude=*.o,exclude=tmp/**,encrypt_key=gw/job=abc,encrypt_key=def",
      wanted: { exclude: ["*.o", "tmp/**"], encryptKeys: ["gw/job=abc", "def"] },
    },
    { text: "job,filesystem=disk", wanted: { filesystem: "disk" } },
    { text: "job,overwrite=false", wanted: { overwrite: false } },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseVolume, text)).toMatchObject({ value: wanted, problems: [] });
  });

  it("reads a key of 64 bytes", () => {
    const { value } = parseValue(parseVolume, `v,fscrypt_key=${KEY},fscrypt_reset_key`);
    expect(value?.fscryptKey).toHaveLength(64);
    expect(value?.fscryptResetKey).toBe(true);
  });

  it.each([
    {
      text: "a b",
      message:
        '"a b" cannot name a volume: letters, digits, _ . - are allowed, the first a letter or digit',
    },
    {
      text: "v,pull_on=start",
      message:
        '"start" is none of pipeline_start, container_start, container_end, pipeline_end, changes',
    },
    { text: "v,mirror=gw", message: '"gw" names no bucket' },
    {
      text: "v,mirror=gw/b,pull_from=gw/c",
      message:
        '"v,mirror=gw/b,pull_from=gw/c" gives mirror and also pull_from or push_to: mirror stands for both',
    },
    {
      text: "v,pull_on=changes",
      message: '"v,pull_on=changes" gives pull_on, but no place for it',
    },
    { text: "v,mirror=gw/a/../b", message: '"../b" holds . or .. as part of a prefix' },
    { text: "v,expiration=later", message: '"later" is none of never, pipeline_end' },
    {
      text: "v,fscrypt_key=AAAA",
      message: "the key is 3 bytes long; wanted are 64 bytes in base64 (88 characters)",
    },
    {
      text: "v,fscrypt_key=*",
      message: "the key is not base64; wanted are 64 bytes in base64 (88 characters)",
    },
    {
      text: "v,fscrypt_key=A==",
      message: "the key is not base64; wanted are 64 bytes in base64 (88 characters)",
    },
    {
      text: "v,fscrypt_reset_key",
      message: '"v,fscrypt_reset_key" gives fscrypt_reset_key without fscrypt_key',
    },
    {
      text: "v,mirror=gw/b,pull_on=pipeline_start,container_start",
      message: '"container_start" is no option; the values before it are separated by |',
    },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseVolume, text)).toMatchObject({ value: undefined, errors: [message] });
  });

  it.each([
    { text: "v,mirror=gw/b", hint: "write pull_on=pipeline_start, push_on=pipeline_end, or both" },
    { text: "v,pull_from=gw/b", hint: "write pull_on=pipeline_start" },
    { text: "v,push_to=gw/b", hint: "write push_on=pipeline_end" },
  ])("warns that $text does nothing", ({ text, hint }) => {
    const { value, warnings, problems } = parseValue(parseVolume, text);
    expect(value).toBeDefined();
    expect(warnings).toHaveLength(1);
    expect(problems[0]?.hint).toBe(hint);
  });

  it("needs its endpoint and its filesystem", () => {
    const { problems } = parseLine("b2c.volume=v,mirror=gw/b,push_on=changes,filesystem=disk");
    expect(problems.map(({ message, essential }) => [message, essential])).toEqual([
      ['"gw" is defined by no b2c.minio', true],
      ['"disk" is defined by no b2c.filesystem', true],
    ]);
  });

  it("never shows a key", () => {
    const { problems } = parseLine(`b2c.volume=v,encrypt_key=HIDDEN,fscrypt_key=HIDDEN,nonsense`);
    expect(problems.length).toBeGreaterThan(1);
    expect(JSON.stringify(problems)).not.toContain("HIDDEN");
  });
});

describe("b2c.minio", () => {
  it("reads four fields", () => {
    expect(parseValue(parseS3Endpoint, "gateway,http://10.0.2.2:9000,job_key,job,secret").value)
      .toEqual({
        alias: "gateway",
        url: "http://10.0.2.2:9000",
        accessKey: "job_key",
        secretKey: "job,secret",
      });
  });

  it.each([
    { text: "gw", message: '"gw" has no url' },
    { text: "gw,http://h", message: '"gw,http://h" has no access key' },
    { text: "gw,http://h,HIDDEN", message: '"gw,http://h,***" has no secret key' },
    {
      text: "gw,h,HIDDEN,HIDDEN",
      message: '"h" is not a URL that begins with http:// or https://',
    },
    { text: "gw,,HIDDEN,HIDDEN", message: '"gw,,***,***" has no url' },
    { text: "gw http://h HIDDEN HIDDEN", message: '"gw ***" has no url' },
    { text: "gw|http://h|HIDDEN|HIDDEN", message: '"gw***" has no url' },
  ])("refuses $text and shows no key", ({ text, message }) => {
    const { value, errors, problems } = parseValue(parseS3Endpoint, text);
    expect(value).toBeUndefined();
    expect(errors).toEqual([message]);
    expect(JSON.stringify(problems)).not.toContain("HIDDEN");
  });

  it.each(["", "gw", "gw/", "/b", "gw/B d", "gw/b/./c"])("%s is no place", (text) => {
    expect(parseValue(parseS3Location, text).errors.length).toBeGreaterThan(0);
  });
});
