import { describe, expect, it } from "vitest";
import { parseLine, parseRun } from "../../support/parse_value.ts";

describe("mounts", () => {
  it.each([
    { text: "-v /a:/b", wanted: { kind: "bind", source: "/a", target: "/b", options: [] } },
    {
      text: "-v /a:/b:ro,rshared,z",
      wanted: { kind: "bind", source: "/a", target: "/b", options: ["ro", "rshared", "z"] },
    },
    { text: "-v /a:/b:copy", wanted: { kind: "bind", source: "/a", target: "/b", options: [] } },
    {
      text: "-v job:/job_share/",
      wanted: { kind: "volume", name: "job", target: "/job_share/", options: [] },
    },
    {
      text: "--volume job:/x:nocopy",
      wanted: { kind: "volume", name: "job", target: "/x", options: ["nocopy"] },
    },
    { text: "-v /x", wanted: { kind: "volume", name: "", target: "/x", options: [] } },
    { text: "--tmpfs /x", wanted: { kind: "tmpfs", target: "/x", options: [] } },
    {
      text: "--tmpfs /x:size=64m,mode=1777,ro",
      wanted: { kind: "tmpfs", target: "/x", options: ["size=67108864", "mode=1777", "ro"] },
    },
    { text: "--tmpfs /x:size=50%", wanted: { kind: "tmpfs", target: "/x", options: ["size=50%"] } },
    {
      text: "--mount type=bind,src=/a,dst=/b,ro",
      wanted: { kind: "bind", source: "/a", target: "/b", options: ["ro"] },
    },
    {
      text:
        "--mount type=bind,source=/a,target=/b,readonly=false,bind-propagation=rslave,bind-nonrecursive",
      wanted: { kind: "bind", source: "/a", target: "/b", options: ["rw", "rslave", "bind"] },
    },
    {
      text: "--mount src=v,destination=/b,relabel=shared",
      wanted: { kind: "volume", name: "v", target: "/b", options: ["z"] },
    },
    {
      text: "--mount type=volume,dst=/b",
      wanted: { kind: "volume", name: "", target: "/b", options: [] },
    },
    {
      text: "--mount type=tmpfs,dst=/b,tmpfs-size=1m,tmpfs-mode=700,notmpcopyup",
      wanted: { kind: "tmpfs", target: "/b", options: ["size=1048576", "mode=700", "notmpcopyup"] },
    },
  ])("$text", ({ text, wanted }) => {
    const { value, problems } = parseRun(`${text} img`);
    expect(problems).toEqual([]);
    expect(value?.options.mounts).toEqual([wanted]);
  });

  it.each([
    { text: "-v x", message: '"x" is not the absolute path of a folder in the container' },
    { text: "-v ''", message: '"" is not a volume' },
    { text: "-v :/x", message: '":/x" is not a volume' },
    { text: "-v a:b:c:d", message: '"a:b:c:d" is not a volume' },
    { text: "-v /a:b", message: '"b" is not the absolute path of a folder in the container' },
    { text: "-v /x:ro", message: '"ro" is not the absolute path of a folder in the container' },
    { text: "-v ./a:/b", message: '"./a" is a relative path: there is no folder it starts from' },
    { text: "-v ~/a:/b", message: '"~/a" is a relative path: there is no folder it starts from' },
    {
      text: "-v a/b:/c",
      message:
        '"a/b" cannot name a volume: letters, digits, _ . - are allowed, the first a letter or digit',
    },
    { text: "-v /a:/", message: '"/" would hide the whole image' },
    { text: "-v /a:/b:rr", message: '"rr" is no mount option' },
    { text: "-v /a:/b:ro,rw", message: '"rw" contradicts ro' },
    {
      text: "-v /a:/b:U",
      message: '"U" is refused: a mount changes nothing but what is seen where',
    },
    { text: "-v /a:/b:", message: '"" is no mount option' },
    { text: "-v /a:/b -v /c:/b/", message: '"/c:/b/" has the target of another mount' },
    { text: "--tmpfs x", message: '"x" is not the absolute path of a folder in the container' },
    {
      text: "--tmpfs /x:size=64q",
      message: '"64q" is not a size: a number and a unit out of k, m, g, t',
    },
    { text: "--tmpfs /x:sise=64m", message: '"sise=64m" is no option of a tmpfs' },
    { text: "--tmpfs /x:mode=rwx", message: '"mode=rwx" is not a number' },
    {
      text: "--mount type=bind,dst=/b",
      message: '"type=bind,dst=/b" names no absolute path to mount',
    },
    { text: "--mount type=bind,src=a,dst=/b", message: '"a" names no absolute path to mount' },
    { text: "--mount type=bind,src=/a", message: '"type=bind,src=/a" does not say where to' },
    {
      text: "--mount type=image,src=/a,dst=/b",
      message: '"image" is refused: types are bind, volume and tmpfs',
    },
    { text: "--mount type=bnid,src=/a,dst=/b", message: '"bnid" is none of bind, volume, tmpfs' },
    { text: "--mount type=tmpfs,src=/a,dst=/b", message: "a tmpfs has no source" },
    {
      text: "--mount type=bind,src=/a,dst=/b,tmpfs-size=1m",
      message: '"1m" has no meaning for type=bind',
    },
    {
      text: "--mount type=bind,src=/a,dst=/b,U=true",
      message: '"U=true" is refused: ownership stays as it is',
    },
    {
      text: "--mount type=bind,src=/a,dst=/b,rro",
      message:
        '"rro" is no option here: known are type, source, destination, ro, rw, bind-nonrecursive, tmpcopyup, notmpcopyup, noswap, bind-propagation, relabel, tmpfs-size, tmpfs-mode, U, idmap, subpath',
    },
  ])("refuses $text", ({ text, message }) => {
    expect(parseRun(`${text} img`)).toMatchObject({ value: undefined, errors: [message] });
  });

  it("notices a name that was meant to be another volume", () => {
    const line = 'b2c.volume=job b2c.run="-v jobs:/x -v other:/y img"';
    const { warnings, problems } = parseLine(line);
    expect(warnings).toEqual(['"jobs" is defined by no b2c.volume: it starts empty']);
    expect(problems[0]?.hint).toBe("did you mean job?");
  });
});

describe("devices", () => {
  it.each([
    { text: "--device /dev/dri", wanted: ["/dev/dri", "/dev/dri", "rwm"] },
    { text: "--device /dev/a:/dev/b", wanted: ["/dev/a", "/dev/b", "rwm"] },
    { text: "--device /dev/a:r", wanted: ["/dev/a", "/dev/a", "r"] },
    { text: "--device=/dev/a:/dev/b:rw", wanted: ["/dev/a", "/dev/b", "rw"] },
  ])("$text", ({ text, wanted }) => {
    const { value, problems } = parseRun(`${text} img`);
    expect(problems).toEqual([]);
    const [device] = value?.options.devices ?? [];
    expect([device?.source, device?.target, device?.access]).toEqual(wanted);
  });

  it.each(["dri", "/dev/a:b:rw", "/dev/a:/dev/b:rx", "/dev/a:/dev/b:r:w", "nvidia.com/gpu=all"])(
    "refuses %s",
    (text) =>
      expect(parseRun(`--device ${text} img`).errors).toEqual([`"${text}" is not a device`]),
  );
});
