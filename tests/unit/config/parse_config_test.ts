import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../agent/config/parse_config.ts";
import { parseLine } from "../../support/parse_value.ts";

describe("several sources", () => {
  const sources = [
    { name: "/proc/cmdline", text: "b2c.hostname=a b2c.run=one b2c.pipefail quiet\n" },
    {
      name: "/b2c.d/10.args",
      text: '# the lab\nb2c.container="two\n  sh"\r\nb2c.hostname=b\n#b2c.run=never\n',
    },
    { name: "extra", text: "b2c.run=three b2c.pipefail=0" },
  ];

  it("append lists in order and let the last scalar win", () => {
    const config = parseConfig(sources);
    expect(config.problems).toEqual([]);
    expect(config.containers.map(({ directive, image }) => [directive, image])).toEqual([
      ["b2c.run", "one"],
      ["b2c.container", "two"],
      ["b2c.run", "three"],
    ]);
    expect(config.hostname).toBe("b");
    expect(config.pipefail).toBe(false);
  });

  it("tell where a mistake stands", () => {
    const { problems } = parseConfig([
      ...sources,
      { name: "more", text: 'b2c.run="\n  -ti\n  --tyt\n  img"' },
    ]);
    expect(problems).toMatchObject([{
      directive: "b2c.run",
      text: "--tyt",
      place: { source: "more", lineNumber: 3, line: "  --tyt", start: 2, end: 7 },
    }]);
  });

  it("report problems in the order of the text", () => {
    const { problems } = parseConfig([
      { name: "a", text: "b2c.cache_device=x b2c.swap=q" },
      { name: "b", text: "b2c.pull=q" },
    ]);
    expect(problems.map(({ text }) => text)).toEqual(["x", "q", "q"]);
    expect(problems.map(({ place }) => place?.source)).toEqual(["a", "a", "b"]);
  });

  it("warn of a scalar that one of them gives twice", () => {
    const config = parseLine("b2c.hostname=a b2c.hostname=b b2c.swap=zram b2c.swap=zram");
    expect(config.hostname).toBe("b");
    expect(config.warnings).toEqual([
      "the directive is given before as well; this later one counts",
    ]);
  });
});

describe("words that are no directives", () => {
  it.each([
    { text: "b2c.contaner=alpine", hint: "did you mean b2c.container?" },
    { text: "b2c.rnu=alpine", hint: "did you mean b2c.run?" },
    { text: "B2C.RUN=alpine", hint: "did you mean b2c.run?" },
    { text: "b2c_run=alpine", hint: "did you mean b2c.run?" },
    { text: "b2c.poweroff-delay=1", hint: "did you mean b2c.poweroff_delay?" },
    { text: "b2c.cachedevice=auto", hint: "did you mean b2c.cache_device?" },
    { text: "b2c.entirely=1", hint: "agent directives lists them all" },
    { text: "b2c.", hint: "agent directives lists them all" },
  ])("$text: a warning that names the nearest", ({ text, hint }) => {
    const { problems, containers } = parseLine(text);
    expect(containers).toEqual([]);
    expect(problems).toMatchObject([{
      severity: "warning",
      message: "no such directive: the word is ignored",
      hint,
    }]);
  });

  it("are silent when they are not ours", () => {
    const line = "console=ttyS0,115200 quiet net.ifnames=0 rd.shell init=/init b2cx=1 -- 'x \0 “";
    expect(parseLine(line).problems).toEqual([]);
  });
});

describe("mistakes of real people", () => {
  it.each([
    {
      text: 'b2c.hostname=a b2c.run="-ti alpine',
      message: "the quote that begins here is never closed: all that follows belongs to it",
      hint: 'close it with another "',
    },
    {
      text: 'b2c.run="-ti alpine b2c.hostname=x',
      message: "the quote that begins here is never closed: all that follows belongs to it",
      hint: 'close it with another "',
    },
    {
      text: 'b2c.run="alpine b2c.hostname="x"',
      message: "the quote that begins here is never closed: all that follows belongs to it",
      hint: 'is a " missing before b2c.hostname?',
    },
    {
      text: "b2c.run=\u201c-ti alpine\u201d",
      message: "\u201c is a typographic quote, which does not quote",
      hint: 'write " instead',
    },
    {
      text: "b2c.run='-ti alpine'",
      message: "a single quote does not hold words together here",
      hint: 'write " around the value',
    },
    { text: "b2c.run=alpine\0", message: "the value holds a NUL character", hint: undefined },
    {
      text: "b2c.run=",
      message: "the value is empty",
      hint: 'write b2c.run="[podman create options] IMAGE [command…]"',
    },
    {
      text: "b2c.run",
      message: "the directive has no value",
      hint: 'write b2c.run="[podman create options] IMAGE [command…]"',
    },
  ])("$text keeps everything from running", ({ text, message, hint }) => {
    const { problems } = parseLine(text);
    expect(problems).toMatchObject([{ message, severity: "error", essential: true }]);
    expect(problems[0]?.hint).toBe(hint);
  });

  it.each([
    { text: "b2c.hostname=", message: "the value is empty: it counts as not given" },
    { text: "b2c.swap=", message: "the value is empty: it counts as not given" },
    { text: "b2c.load=", message: "the value is empty: it counts as not given" },
    { text: 'b2c.pipefail=""', message: "the value is empty: it counts as not given" },
    {
      text: "b2c.run=alpine\u00a0sh",
      message: "a space that does not break stands here: it separates nothing",
    },
    {
      text: 'loader="x',
      message: "the quote that begins here is never closed: all that follows belongs to it",
    },
  ])("$text draws a warning", ({ text, message }) => {
    expect(parseLine(text)).toMatchObject({ warnings: [message] });
    expect(parseLine(text).problems.some(({ essential }) => essential)).toBe(
      text.includes("\u00a0"),
    );
  });

  it("still reads on in a value whose last quote is missing", () => {
    const { errors } = parseLine('b2c.run="--memroy 1g alpine');
    expect(errors).toContain('"--memroy" is no option of podman create');
  });

  it("an open quote before other directives swallows them, wherever it stands", () => {
    const { problems, containers } = parseLine('loader="x b2c.run=alpine');
    expect(containers).toEqual([]);
    expect(problems).toMatchObject([{ directive: "loader", essential: true }]);
  });

  it("a directive inside a container text is noticed", () => {
    const { warnings, problems } = parseLine('b2c.run="alpine b2c.hostname="x" b2c.pull=never"');
    expect(warnings).toEqual(['"b2c.hostname=x" is part of the container\'s command']);
    expect(problems[0]?.hint).toBe("is a quote missing before it?");
  });

  it("tabs separate words as blanks do", () => {
    const line = 'b2c.hostname=a\tb2c.run="-t\talpine\tsh"\t';
    expect(parseLine(line)).toMatchObject({
      hostname: "a",
      containers: [{ image: "alpine", command: ["sh"] }],
      problems: [],
    });
  });

  it("all problems come at once", () => {
    const line = "b2c.swap=16q b2c.run=-z b2c.volume=v,pull_on=x b2c.pull=q b2c.contaner=y";
    expect(parseLine(line).problems.length).toBe(6);
  });
});

describe("secrets", () => {
  it.each([
    "b2c.mino=gw,http://h,HIDDEN,HIDDEN",
    "b2c.minio=gw,http://h,HIDDEN",
    "b2c.login=h:HIDDEN",
    'b2c.hostname="a b2c.minio=gw,http://h,HIDDEN,HIDDEN',
    'b2c.hostname="a b2c.minio="gw,http://h,HIDDEN,HIDDEN"',
    'b2c.hostname="a b2c.minio=gw,http://h,HIDDEN,HIDDEN"',
    'b2c.run="-z alpine b2c.login=h,u,HIDDEN"',
    'b2c.run="-z alpine b2c.login="h,u,HIDDEN" x"',
    "b2c.volume=v,encrypt_key=HIDDEN,fscrypt_key=HIDDEN,z",
    "b2c.extra_args_url=ftp://u:HIDDEN@h/",
    "b2c.extra_args_url=ftp://h/?token=HIDDEN",
    "b2c.registry=h,mirror=ftp://u:HIDDEN@h",
    "b2c.run=\"-z -e TOKEN=HIDDEN alpine sh -c 'PASSWORD=HIDDEN x'\"",
    'b2c.shutdown_cmd="x --password=HIDDEN \'"',
  ])("stay hidden in the problems of %s", (text) => {
    const { problems } = parseLine(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain("HIDDEN");
  });
});

describe("names", () => {
  const CONTAINER = "b2c.run=";
  it.each([
    { line: `${CONTAINER}"--name a x" ${CONTAINER}"--name a y"`, essential: false },
    { line: `b2c.service="--name a x" ${CONTAINER}"--name a y"`, essential: true },
    { line: 'b2c.service="--name a x" b2c.service="--name a y"', essential: true },
    { line: "b2c.volume=v b2c.volume=v,overwrite", essential: true },
    { line: "b2c.minio=a,http://h,b,c b2c.minio=a,http://g,b,c", essential: false },
  ])("that stand twice: $line", ({ line, essential }) => {
    const { problems } = parseLine(line);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.essential ?? false).toBe(essential);
  });

  it.each([
    { name: "db", message: '"db" is the name of no service', hint: "did you mean dbs?" },
    {
      name: "web",
      message: '"web" is not a service: it does not run meanwhile',
      hint: "use b2c.run_service",
    },
    {
      name: "other",
      message: '"other" is the name of no service',
      hint: "give the service --name other",
    },
  ])("of a network's partner: $name", ({ name, message, hint }) => {
    const line = `b2c.service="--name dbs x" b2c.run="--name web x" ` +
      `b2c.run="--network=container:${name} x"`;
    expect(parseLine(line).problems).toMatchObject([{ message, hint, essential: true }]);
  });
});
