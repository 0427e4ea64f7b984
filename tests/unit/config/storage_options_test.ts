import { describe, expect, it } from "vitest";
import {
  parseFilesystem,
  parseImageStore,
  parseNbd,
} from "../../../agent/config/storage_options.ts";
import { parseLine, parseValue } from "../../support/parse_value.ts";

describe("b2c.filesystem", () => {
  it.each([
    {
      text: "publicimgstore,type=nfs,src=10.0.2.2:/images,opts=ro|nolock",
      wanted: {
        name: "publicimgstore",
        source: "10.0.2.2:/images",
        type: "nfs",
        options: ["ro", "nolock"],
      },
    },
    {
      text: "share,src=//server/x,type=cifs,opts=vers=3.0|user=joe",
      wanted: {
        name: "share",
        source: "//server/x",
        type: "cifs",
        options: ["vers=3.0", "user=joe"],
      },
    },
    {
      text: "disk,src=/dev/sda1",
      wanted: { name: "disk", source: "/dev/sda1", type: undefined, options: [] },
    },
    {
      text: "scratch,type=tmpfs,opts=size=1g",
      wanted: { name: "scratch", source: "tmpfs", type: "tmpfs", options: ["size=1g"] },
    },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseFilesystem, text)).toMatchObject({ value: wanted, problems: [] });
  });

  it.each([
    { text: "x", message: '"x" does not say what to mount' },
    { text: "x,type=nfs", message: '"x,type=nfs" does not say what to mount' },
    {
      text: "auto,src=/dev/sda",
      message: '"auto" is a word of b2c.cache_device and cannot name a filesystem',
    },
    { text: "x,src=", message: "the option src has no value" },
    { text: "x,src=a,src=b", message: "the option src is given twice" },
    { text: "x,src=a,type=NFS 4", message: '"NFS 4" cannot be a filesystem type' },
    { text: "x,src=a,opts=ro||rw", message: "a mount option is missing" },
    {
      text: "x,src=a,opts=ro,nolock",
      message: '"nolock" is no option; the values before it are separated by |',
    },
    { text: "x,scr=a", message: '"scr" is no option here: known are src, type, opts' },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseFilesystem, text)).toMatchObject({
      value: undefined,
      errors: [message],
    });
  });

  it("tells a bad definition from a missing one", () => {
    const { problems } = parseLine("b2c.filesystem=pool b2c.storage=additionalimagestores=pool");
    expect(problems.map(({ directive, message, essential }) => [directive, message, essential]))
      .toEqual([
        ["b2c.filesystem", '"pool" does not say what to mount', undefined],
        ["b2c.storage", '"pool" cannot be used: its b2c.filesystem has a mistake', true],
      ]);
  });

  it("keeps the first of two with one name", () => {
    const line = "b2c.filesystem=a,src=/dev/sda b2c.filesystem=a,src=/dev/sdb";
    const { filesystems, errors } = parseLine(line);
    expect(filesystems.map(({ source }) => source)).toEqual(["/dev/sda"]);
    expect(errors).toEqual(['"a" is defined before as well; the first one counts']);
    expect(parseLine("b2c.filesystem=a,src=b b2c.filesystem=a,src=b")).toMatchObject({
      errors: [],
      warnings: ['"a" is defined twice in the same words'],
      filesystems: [{ name: "a" }],
    });
  });
});

describe("b2c.storage", () => {
  it("names a filesystem", () => {
    const line = "b2c.storage=additionalimagestores=s b2c.filesystem=s,src=/dev/sda";
    expect(parseLine(line)).toMatchObject({ imageStores: ["s"], problems: [] });
  });

  it.each([
    { text: "s", message: '"s" is no option here: known are additionalimagestores' },
    { text: "additionalimagestores=", message: "the option additionalimagestores has no value" },
  ])("refuses $text", ({ text, message }) => {
    expect(parseValue(parseImageStore, text).errors).toEqual([message]);
  });

  it("wants the filesystem to be defined", () => {
    const line = "b2c.storage=additionalimagestores=publicimagestore " +
      "b2c.filesystem=publicimgstore,src=a";
    expect(parseLine(line).problems).toMatchObject([{
      message: '"publicimagestore" is defined by no b2c.filesystem',
      hint: "did you mean publicimgstore?",
      essential: true,
    }]);
  });
});

describe("b2c.nbd", () => {
  it("reads everything", () => {
    const text = "/dev/nbd0,host=ci-gateway,port=10809,connections=5,name=disk";
    expect(parseValue(parseNbd, text).value).toEqual({
      device: "/dev/nbd0",
      host: "ci-gateway",
      port: 10809,
      connections: 5,
      exportName: "disk",
    });
  });

  it("needs device, host and port only", () => {
    expect(parseValue(parseNbd, "/dev/nbd15,host=[::1],port=1").value).toEqual({
      device: "/dev/nbd15",
      host: "::1",
      port: 1,
      connections: 1,
      exportName: "",
    });
  });

  it.each([
    { text: "/dev/sda,host=a,port=1", messages: ['"/dev/sda" is no network block device'] },
    { text: "/dev/nbd0,port=1", messages: ['"/dev/nbd0,port=1" names no host'] },
    {
      text: "/dev/nbd0",
      messages: ['"/dev/nbd0" names no host', '"/dev/nbd0" names no port'],
    },
    {
      text: "/dev/nbd0,host=a,port=70000,connections=0",
      messages: [
        '"70000" is not a whole number from 1 to 65535',
        '"0" is not a whole number from 1 to 64',
      ],
    },
  ])("refuses $text", ({ text, messages }) => {
    expect(parseValue(parseNbd, text)).toMatchObject({ value: undefined, errors: messages });
  });

  it("is attached once", () => {
    const line = "b2c.nbd=/dev/nbd0,host=a,port=1 b2c.nbd=/dev/nbd0,host=b,port=1";
    expect(parseLine(line).networkBlockDevices).toHaveLength(1);
    expect(parseLine(line).errors).toHaveLength(1);
  });
});
