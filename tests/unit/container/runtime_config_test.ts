import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ContainerOptions, EnvOption } from "../../../agent/config/container_config.ts";
import { renderExactJson } from "../../../agent/container/exact_json.ts";
import { chooseStopSignal, renderRuntimeConfig } from "../../../agent/container/runtime_config.ts";
import type { RuntimeSpec } from "../../../agent/container/runtime_spec.ts";
import { chooseUser } from "../../../agent/container/users.ts";
import type { ImageRunConfig } from "../../../agent/oci/image.ts";
import { DATABASE, FACTS, makeContainer, SECCOMP } from "../../support/container_case.ts";

/** A file of tests/data/runtime_config: what goes in, and the whole config.json that comes out. */
interface GoldenCase {
  readonly about: string;
  readonly image?: ImageRunConfig;
  readonly options?: Partial<ContainerOptions>;
  readonly command?: readonly string[];
  readonly environmentFiles?: readonly EnvOption[];
  readonly pipelineEnvironment?: Readonly<Record<string, string>>;
  readonly proxyEnvironment?: Readonly<Record<string, string>>;
  readonly config: unknown;
}

const FOLDER = new URL("../../data/runtime_config/", import.meta.url);
const ID = "0123456789ab".padEnd(64, "cdef");

function render(golden: Omit<GoldenCase, "about" | "config">): RuntimeSpec {
  const image: ImageRunConfig = golden.image ?? { Cmd: ["sh"] };
  const container = makeContainer(golden.options, golden.command);
  const { options } = container;
  return renderRuntimeConfig({
    id: ID,
    image,
    container,
    facts: FACTS,
    user: chooseUser(options.user ?? image.User ?? "", DATABASE, options.groupAdd),
    rootfs: "/bundle/rootfs",
    cgroup: "/b2c/0123456789ab",
    files: new Map([["/etc/hosts", "/bundle/hosts"], ["/etc/hostname", "/bundle/hostname"]]),
    folders: {
      named: new Map([["job", "/storage/volumes/job"]]),
      anonymous: new Map([["/data", "/bundle/volumes/0"], ["/anon", "/bundle/volumes/1"]]),
    },
    environmentFiles: golden.environmentFiles ?? [],
    pipelineEnvironment: golden.pipelineEnvironment ?? {},
    proxyEnvironment: golden.proxyEnvironment ?? {},
    seccomp: SECCOMP,
    initProgram: "/usr/bin/catatonit",
    networkNamespace: undefined,
  });
}

describe("renderRuntimeConfig", () => {
  for (const name of readdirSync(FOLDER)) {
    const golden: GoldenCase = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
    it(`${name}: ${golden.about}`, () => {
      expect(JSON.parse(renderExactJson(render(golden)))).toEqual(golden.config);
    });
  }

  it("never hands labels to the runtime", () => {
    const labels = { "run.oci.handler": "krun", "org.criu.config": "/x", "krun.cpus": "9" };
    const spec = render({ image: { Cmd: ["sh"], Labels: labels }, options: { labels } });
    expect(spec.annotations).toBeUndefined();
  });

  it("hands the user's own annotations over", () => {
    const annotations = { "run.oci.keep_original_groups": "1" };
    expect(render({ options: { annotations } }).annotations).toEqual(annotations);
  });

  it.each([
    { options: { uts: "host", hostname: "x" }, message: "--uts=host has the machine's" },
    { options: { init: true, systemd: "always" }, message: "systemd is an init itself" },
    { options: { workdir: "here" }, message: "must be absolute" },
    { options: { sysctls: { "vm.x": "1" } }, message: "sysctl vm.x: it is not a container" },
    { options: { entrypoint: [] }, message: "names no command" },
  ] as { options: Partial<ContainerOptions>; message: string }[])(
    "refuses $message",
    ({ options, message }) => {
      expect(() => render({ options })).toThrow(message);
    },
  );

  it("does not render a confined container without a filter", () => {
    const container = makeContainer({ privileged: false });
    expect(() =>
      renderRuntimeConfig({
        id: ID,
        image: { Cmd: ["sh"] },
        container,
        facts: FACTS,
        user: chooseUser("", DATABASE, []),
        rootfs: "/r",
        cgroup: "/c",
        files: new Map(),
        folders: { named: new Map(), anonymous: new Map() },
        environmentFiles: [],
        pipelineEnvironment: {},
        proxyEnvironment: {},
        seccomp: undefined,
        initProgram: undefined,
        networkNamespace: undefined,
      })
    ).toThrow("no seccomp profile");
  });
});

describe("chooseStopSignal", () => {
  it.each([
    { about: "SIGTERM", options: {}, image: {}, signal: 15 },
    { about: "the image's", options: {}, image: { StopSignal: "SIGQUIT" }, signal: 3 },
    {
      about: "the user's",
      options: { stopSignal: "9" },
      image: { StopSignal: "SIGQUIT" },
      signal: 9,
    },
    { about: "systemd's", options: {}, image: { Cmd: ["/sbin/init"] }, signal: 37 },
    {
      about: "the image's, for systemd too",
      options: {},
      image: { Cmd: ["/sbin/init"], StopSignal: "INT" },
      signal: 2,
    },
  ])("is $about", ({ options, image, signal }) => {
    expect(chooseStopSignal({ Cmd: ["sh"], ...image }, makeContainer(options))).toBe(signal);
  });
});
