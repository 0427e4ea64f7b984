import { describe, expect, it } from "vitest";
import type { ContainerOptions } from "../../../agent/config/container_config.ts";
import { parseSignal } from "../../../agent/config/signals.ts";
import { parseLine, parseRun, parseValue } from "../../support/parse_value.ts";

interface Row {
  readonly text: string;
  readonly wanted: Partial<ContainerOptions>;
}

const GOOD: readonly Row[] = [
  { text: "--env-file /a,/b", wanted: { envFiles: ["/a", "/b"] } },
  { text: "--group-add audio,44 --group-add x", wanted: { groupAdd: ["audio", "44", "x"] } },
  { text: "--umask 0027", wanted: { umask: 0o027 } },
  { text: "--umask 2", wanted: { umask: 2 } },
  { text: "-h dut-1", wanted: { hostname: "dut-1" } },
  { text: "--tz=Europe/Helsinki", wanted: { tz: "Europe/Helsinki" } },
  { text: "--tz local", wanted: { tz: "local" } },
  { text: "--init", wanted: { init: true } },
  { text: "--systemd=always", wanted: { systemd: "always" } },
  {
    text: "--stop-signal term --stop-timeout 0",
    wanted: { stopSignal: "SIGTERM", stopTimeout: 0 },
  },
  { text: "--timeout 60", wanted: { timeout: 60 } },
  {
    text: "--label a=b -l c --label d=e=f",
    wanted: { labels: { a: "b", c: "", d: "e=f" } },
  },
  { text: "--annotation run.x=y", wanted: { annotations: { "run.x": "y" } } },
  { text: "--log-driver none --log-opt a=b --replace --no-healthcheck", wanted: {} },
  { text: "-u root", wanted: { user: "root" } },
  { text: "-u 2147483647:x", wanted: { user: "2147483647:x" } },
  { text: "--quiet", wanted: { quiet: true } },
  { text: "-q", wanted: { quiet: true } },
];

describe("options about the process", () => {
  it.each(GOOD)("$text", ({ text, wanted }) => {
    const { value, problems } = parseRun(`${text} img`);
    expect(problems).toEqual([]);
    expect(value?.options).toMatchObject(wanted);
  });

  it.each([
    { text: "--env =x", message: '"=x" names no variable' },
    { text: "-e 'A B=c'", message: '"A B=c" has white space in the variable\'s name' },
    {
      text: "-e 'B2C_*'",
      message: '"B2C_*" is a pattern: the agent has no environment to pick from',
    },
    { text: "-e ''", message: '"" names no variable' },
    { text: "-w x", message: '"x" is not the absolute path of a folder in the container' },
    {
      text: "-u 2147483648",
      message: '"2147483648" is not a user: names or numbers up to 2147483647',
    },
    { text: "-u a:b:c", message: '"a:b:c" is not a user: names or numbers up to 2147483647' },
    {
      text: "--group-add keep-groups",
      message: '"keep-groups" is refused: the agent itself is in no groups',
    },
    { text: "--umask 888", message: '"888" is not an octal mask' },
    { text: "--umask 01777", message: '"01777" is not an octal mask' },
    {
      text: "-h -x",
      message:
        '"-x" is not a host name: up to 64 letters, digits, - and . beginning and ending with a letter or digit',
    },
    {
      text: "--name 'a b'",
      message:
        '"a b" cannot name a container: letters, digits, _ . - are allowed, the first a letter or digit',
    },
    { text: "--tz ../../etc/passwd", message: '"../../etc/passwd" is not a time zone' },
    { text: "--systemd=yes", message: '"yes" is none of true, false, always' },
    { text: "--stop-signal SIGTREM", message: '"SIGTREM" is not a signal' },
    { text: "--stop-timeout -1", message: '"-1" is not a whole number from 0 to 315360000' },
    { text: "--annotation x", message: '"x" is no annotation' },
    { text: "--label =x", message: '"=x" is no label' },
    { text: `--entrypoint '[1]'`, message: '"[1]" is not a list of words' },
    { text: "--restart=always", message: "only a service can be restarted" },
  ])("refuses $text", ({ text, message }) => {
    expect(parseRun(`${text} img`)).toMatchObject({ value: undefined, errors: [message] });
  });

  it("warns of an entrypoint that is almost JSON", () => {
    const { value, warnings } = parseRun("--entrypoint '[sh]' img");
    expect(value?.options.entrypoint).toEqual(["[sh]"]);
    expect(warnings).toHaveLength(1);
  });

  it("does not stumble over names of JavaScript's own", () => {
    const { value } = parseRun("--label __proto__=x --label constructor=y img");
    expect(Object.entries(value?.options.labels ?? {})).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(parseRun("--__proto__ --constructor=x --toString img").errors).toHaveLength(3);
  });

  it.each([
    { text: "no", wanted: { kind: "no", retries: undefined } },
    { text: "never", wanted: { kind: "no", retries: undefined } },
    { text: "always", wanted: { kind: "always", retries: undefined } },
    { text: "unless-stopped", wanted: { kind: "unless-stopped", retries: undefined } },
    { text: "on-failure", wanted: { kind: "on-failure", retries: undefined } },
    { text: "on-failure:3", wanted: { kind: "on-failure", retries: 3 } },
  ])("restarts a service: $text", ({ text, wanted }) => {
    const { services, problems } = parseLine(`b2c.run_service="--restart=${text} img"`);
    expect(problems).toEqual([]);
    expect(services[0]?.options.restart).toEqual(wanted);
  });

  it.each(["alway", "always:3", "on-failure:x", ""])("refuses to restart %s", (text) => {
    const { errors } = parseLine(`b2c.run_service="--restart=${text} img"`);
    expect(errors).toEqual([
      `"${text}" is none of no, always, unless-stopped, on-failure, on-failure:N`,
    ]);
  });
});

describe("parseSignal", () => {
  it.each([
    { text: "SIGTERM", wanted: "SIGTERM" },
    { text: "int", wanted: "SIGINT" },
    { text: "SIGRTMIN+3", wanted: "SIGRTMIN+3" },
    { text: "rtmax-1", wanted: "SIGRTMAX-1" },
    { text: "RTMIN", wanted: "SIGRTMIN" },
    { text: "9", wanted: "9" },
    { text: "064", wanted: undefined },
    { text: "64", wanted: "64" },
    { text: "0", wanted: undefined },
    { text: "65", wanted: undefined },
    { text: "SIGRTMIN+31", wanted: undefined },
    { text: "", wanted: undefined },
  ])("$text", ({ text, wanted }) => {
    expect(parseValue(parseSignal, text).value).toBe(wanted);
  });

  it("names the nearest", () => {
    expect(parseValue(parseSignal, "SIGTREM").problems[0]?.hint).toBe("write SIGTERM");
  });
});
