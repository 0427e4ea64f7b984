import { describe, expect, it } from "vitest";
import type { ContainerOptions } from "../../../agent/config/container_config.ts";
import { DEFAULT_OPTIONS } from "../../support/container_case.ts";
import { parseLine, parseRun } from "../../support/parse_value.ts";

/** What the options before the image make of the defaults. */
function optionsOf(text: string): ContainerOptions | undefined {
  return parseRun(`${text} img`).value?.options;
}

describe("a container text", () => {
  it("has podman's meaning with our defaults", () => {
    const line = 'b2c.run="-ti --tls-verify=false docker://h:5000/a/b:c sh -c \\"exit 3\\""';
    const { containers, problems, unimplemented } = parseLine(line);
    expect(problems).toEqual([]);
    expect(unimplemented).toEqual([]);
    expect(containers).toEqual([{
      directive: "b2c.run",
      text: '-ti --tls-verify=false docker://h:5000/a/b:c sh -c "exit 3"',
      image: "docker://h:5000/a/b:c",
      command: ["sh", "-c", "exit 3"],
      options: { ...DEFAULT_OPTIONS, tty: true, interactive: true, tlsVerify: false },
    }]);
  });

  it("needs an image alone", () => {
    expect(parseRun("alpine").value).toMatchObject({ image: "alpine", command: [] });
    expect(optionsOf("")).toEqual(DEFAULT_OPTIONS);
  });

  it.each([
    { text: "-ti", wanted: { tty: true, interactive: true } },
    { text: "-it", wanted: { tty: true, interactive: true } },
    { text: "-t -i=false", wanted: { tty: true, interactive: false } },
    { text: "--tty=false --interactive", wanted: { tty: false, interactive: true } },
    { text: "--privileged=false", wanted: { privileged: false } },
    { text: "--rm=0", wanted: { rm: false } },
    { text: "-w /x", wanted: { workdir: "/x" } },
    { text: "-w=/x", wanted: { workdir: "/x" } },
    { text: "-w/x", wanted: { workdir: "/x" } },
    { text: "--workdir /x", wanted: { workdir: "/x" } },
    { text: "--workdir=/x", wanted: { workdir: "/x" } },
    { text: "-tiw /x", wanted: { tty: true, interactive: true, workdir: "/x" } },
    {
      text: "-eFOO=1 -e BAR=a=b -e=BAZ=",
      wanted: {
        env: [
          { name: "FOO", value: "1" },
          { name: "BAR", value: "a=b" },
          { name: "BAZ", value: "" },
        ],
      },
    },
    {
      text: "--env 'A=b c' -e HOST",
      wanted: {
        env: [
          { name: "A", value: "b c" },
          { name: "HOST", value: null },
        ],
      },
    },
    { text: "--pids-limit -1", wanted: { pidsLimit: -1 } },
    { text: "--net none", wanted: { network: { kind: "none" } } },
    { text: "--net=host", wanted: { network: { kind: "host" } } },
    { text: "--network=private", wanted: { network: { kind: "bridge" } } },
    { text: "--name web --hostname web1", wanted: { name: "web", hostname: "web1" } },
    { text: "-u 1000:100", wanted: { user: "1000:100" } },
    { text: "--entrypoint=/bin/init", wanted: { entrypoint: ["/bin/init"] } },
    { text: "--entrypoint 'sh -c'", wanted: { entrypoint: ["sh -c"] } },
    {
      text: `--entrypoint '["sh", "-c"]'`.replaceAll('"', '\\"'),
      wanted: { entrypoint: ["sh", "-c"] },
    },
    { text: "--entrypoint=", wanted: { entrypoint: [] } },
    { text: "--entrypoint ''", wanted: { entrypoint: [] } },
    { text: "--pull=never", wanted: { pull: "never" } },
    { text: "--", wanted: {} },
    { text: "-t --", wanted: { tty: true } },
  ])("$text", ({ text, wanted }) => {
    const { value, problems } = parseRun(`${text} img`);
    expect(problems).toEqual([]);
    expect(value).toMatchObject({ image: "img", command: [] });
    expect(value?.options).toEqual({ ...DEFAULT_OPTIONS, ...wanted });
  });

  it.each([
    { text: "img -t --privileged=false", command: ["-t", "--privileged=false"] },
    { text: "img -- -x", command: ["--", "-x"] },
    { text: "-- img -t -- x", command: ["-t", "--", "x"] },
    { text: "img --memroy -d --pod=x", command: ["--memroy", "-d", "--pod=x"] },
    { text: "img sh -c 'a; $b'", command: ["sh", "-c", "a; $b"] },
    { text: "img ''", command: [""] },
    { text: "img a\\ b 'c\td'", command: ["a b", "c\td"] },
  ])("leaves the command alone: $text", ({ text, command }) => {
    expect(parseRun(text)).toMatchObject({ value: { image: "img", command }, problems: [] });
  });

  it("may stretch over lines of a file", () => {
    const { containers } = parseLine('b2c.run="\n  -ti\n  alpine\n  sh\n"');
    expect(containers).toMatchObject([{ image: "alpine", command: ["sh"] }]);
  });

  it("lets the last of two count, and says so", () => {
    const { value, warnings } = parseRun("--name a --name b img");
    expect(value?.options.name).toBe("b");
    expect(warnings).toEqual(["--name stands here twice; this later one counts"]);
    expect(parseRun("--net host --network host img").warnings).toEqual([]);
    expect(parseRun("-v /a:/a -v /b:/b -e A=1 -e A=2 img").warnings).toEqual([]);
  });

  it("keeps secrets out of its text", () => {
    const { value } = parseRun(
      "-e PASSWORD=HIDDEN --env 'API_TOKEN=HIDDEN too' -eSECRET=HIDDEN -e A=b " +
        "https://joe:HIDDEN@h/img --token HIDDEN sh -c 'KEY=HIDDEN; x'",
    );
    expect(value?.text).not.toContain("HIDDEN");
    expect(value?.text).toContain("-e PASSWORD=*** --env 'API_TOKEN=***' -eSECRET=*** -e A=b");
    expect(value?.options.env[1]).toEqual({ name: "API_TOKEN", value: "HIDDEN too" });
    expect(value?.command[1]).toBe("HIDDEN");
  });
});

describe("mistakes in a container text", () => {
  it.each([
    {
      text: "",
      message: "the value is empty",
      hint: 'write b2c.run="[podman create options] IMAGE [command…]"',
    },
    { text: "  ", message: '"  " names no image', hint: "write [OPTIONS] IMAGE [COMMAND…]" },
    { text: "-ti", message: '"-ti" names no image', hint: "write [OPTIONS] IMAGE [COMMAND…]" },
    { text: "-w", message: "the option --workdir has no value", hint: "write --workdir=PATH" },
    {
      text: "--memroy 1g img",
      message: '"--memroy" is no option of podman create',
      hint: "write --memory",
    },
    {
      text: "--memroy=1g img",
      message: '"--memroy=1g" is no option of podman create',
      hint: "write --memory",
    },
    {
      text: "--previleged img",
      message: '"--previleged" is no option of podman create',
      hint: "write --privileged",
    },
    {
      text: "-z img",
      message: '"-z" is no option of podman create',
      hint: "options of the command go after the image",
    },
    {
      text: "-privileged img",
      message: '"-privileged" begins with one dash where two belong',
      hint: "write --privileged",
    },
    {
      text: "-name=x img",
      message: '"-name=x" begins with one dash where two belong',
      hint: "write --name=x",
    },
    {
      text: "\u2014rm img",
      message: '"\u2014rm" begins with a typographic dash',
      hint: "write - or -- instead",
    },
    {
      text: "\u2013v /a:/a img",
      message: '"\u2013v" begins with a typographic dash',
      hint: "write - or -- instead",
    },
    {
      text: "FOO=1 img",
      message: '"FOO=1" stands where the image belongs',
      hint: "write -e NAME=VALUE for a variable",
    },
    { text: "'my img'", message: '"my img" is not the name of an image', hint: undefined },
    {
      text: "--tty=maybe img",
      message: '"maybe" is neither true nor false',
      hint: "write true, false, 1 or 0",
    },
    {
      text: "-d img",
      message: "--detach is refused: the pipeline waits for each container",
      hint: "use b2c.run_service for what runs in the background",
    },
    { text: "--pod x img", message: "--pod is refused: there are no pods", hint: undefined },
    {
      text: "--secret=x img",
      message: "--secret is refused: there is no store of secrets",
      hint: "put the secret into a file of an archive, and mount it",
    },
    {
      text: "--health-cmd 'true' img",
      message: "--health-cmd is refused: nothing watches the health of containers",
      hint: undefined,
    },
    {
      text: "sh -c 'exit 3",
      message: "the single quote that begins here is never closed",
      hint: "close it with another ', or write an apostrophe as \\'",
    },
  ])("$text", ({ text, message, hint }) => {
    const { value, errors, problems } = parseRun(text);
    expect(value).toBeUndefined();
    expect(errors.filter((error) => !error.endsWith("names no image") || error === message))
      .toEqual([message]);
    const problem = problems.find((other) => other.message === message);
    expect(problem?.hint).toBe(hint);
    expect(problem?.essential).toBe(true);
  });

  it("are found all at once, each with its place", () => {
    const text = "--memroy 1g --detach -v x -w y --cap-add=SYS_ADMN --pull=alway img";
    const { problems } = parseRun(text);
    expect(problems.map((problem) => problem.text)).toEqual([
      "--memroy",
      "--detach",
      "x",
      "y",
      "SYS_ADMN",
      "alway",
    ]);
    for (const { text, place } of problems) {
      expect(place?.line.slice(place.start, place.end)).toBe(text);
    }
  });

  it("hide what is secret", () => {
    const { problems } = parseRun("--creds joe:HIDDEN -e 'PASS WORD=x' -e 'MY TOKEN=HIDDEN' img");
    expect(problems).toHaveLength(3);
    expect(JSON.stringify(problems)).not.toContain("HIDDEN");
  });

  it("name the directive as it was written", () => {
    expect(parseLine("b2c.container=-q b2c.post_container=-q").problems.map((p) => p.directive))
      .toEqual(["b2c.container", "b2c.post_container"]);
  });
});
