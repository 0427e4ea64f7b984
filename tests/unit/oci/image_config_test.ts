import { describe, expect, it } from "vitest";
import { AgentError } from "../../../agent/errors.ts";
import { parseImageConfig } from "../../../agent/oci/image_config.ts";

const DIFF_ID = `sha256:${"b".repeat(64)}`;
const LEAST = {
  architecture: "amd64",
  os: "linux",
  rootfs: { type: "layers", diff_ids: [DIFF_ID] },
};

function parse(value: unknown) {
  return parseImageConfig("config of x", new TextEncoder().encode(JSON.stringify(value)));
}

describe("parseImageConfig", () => {
  it("takes the least there can be", () => {
    expect(parse(LEAST)).toEqual({
      architecture: "amd64",
      os: "linux",
      config: {},
      diffIds: [DIFF_ID],
    });
    expect(parse({ ...LEAST, config: null }).config).toEqual({});
    expect(parse({ ...LEAST, rootfs: { type: "layers", diff_ids: null } }).diffIds).toEqual([]);
  });

  it("keeps what a container runs with, and nothing else", () => {
    const config = {
      User: "1000:1000",
      Env: ["PATH=/bin"],
      Entrypoint: ["/init"],
      Cmd: ["a", "b"],
      WorkingDir: "/w",
      Volumes: { "/data": {} },
      Labels: { a: "b" },
      StopSignal: "SIGQUIT",
      ExposedPorts: { "80/tcp": {} },
    };
    const other = { Healthcheck: { Test: ["NONE"] }, Hostname: "x", OnBuild: null };
    expect(parse({ ...LEAST, variant: "v8", config: { ...config, ...other } })).toMatchObject({
      variant: "v8",
      config,
    });
    expect(Object.keys(parse({ ...LEAST, config: other }).config)).toEqual([]);
  });

  it("takes null for unset", () => {
    const config = { Entrypoint: null, Cmd: null, Volumes: null, Labels: null, Env: null };
    expect(parse({ ...LEAST, config }).config).toEqual({});
  });

  it.each([
    { value: { ...LEAST, os: "" }, reason: "which platform" },
    { value: { ...LEAST, architecture: undefined }, reason: "which platform" },
    { value: { ...LEAST, os: 5 }, reason: "os is not text" },
    { value: { ...LEAST, rootfs: undefined }, reason: "not made of layers" },
    { value: { ...LEAST, rootfs: { type: "other" } }, reason: "not made of layers" },
    {
      value: { ...LEAST, rootfs: { type: "layers", diff_ids: ["sha256:1"] } },
      reason: "diffID sha256:1",
    },
    { value: { ...LEAST, rootfs: { type: "layers", diff_ids: [1] } }, reason: "diff_ids is not" },
    { value: { ...LEAST, config: [] }, reason: "config is not an object" },
    { value: { ...LEAST, config: { Env: "PATH" } }, reason: "Env is not a list of texts" },
    { value: { ...LEAST, config: { Env: [1] } }, reason: "Env is not a list of texts" },
    { value: { ...LEAST, config: { Entrypoint: "sh" } }, reason: "Entrypoint is not a list" },
    { value: { ...LEAST, config: { User: 0 } }, reason: "User is not text" },
    { value: { ...LEAST, config: { Labels: { a: 1 } } }, reason: "Labels is not a map of texts" },
  ])("refuses what is wrong: $reason", ({ value, reason }) => {
    expect(() => parse(value)).toThrow(AgentError);
    expect(() => parse(value)).toThrow(reason);
  });
});
