import { describe, expect, it } from "vitest";
import {
  CONTAINER_OPTIONS,
  findContainerOption,
  planArgumentTypes,
} from "../../../agent/config/container_option_table.ts";
import { REFUSED_OPTIONS } from "../../../agent/config/refused_options.ts";
import { parseLine, parseRun } from "../../support/parse_value.ts";

describe("the table of container options", () => {
  const names = [
    ...CONTAINER_OPTIONS.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
    ...REFUSED_OPTIONS.map(({ name }) => name),
  ];
  const letters = [...CONTAINER_OPTIONS, ...REFUSED_OPTIONS].flatMap(({ short }) => short ?? []);

  it("has every name and letter once", () => {
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(letters).size).toBe(letters.length);
    expect(Object.keys(planArgumentTypes())).toHaveLength(names.length);
  });

  it("has what is in use, and what is promised", () => {
    const wanted = "tty interactive volume workdir env env-file tls-verify entrypoint dns " +
      "privileged pid net network name hostname user userns cap-add cap-drop security-opt device " +
      "mount tmpfs read-only ulimit sysctl shm-size memory cpus pids-limit cgroupns ipc uts init " +
      "stop-signal stop-timeout timeout restart pull platform arch annotation label group-add " +
      "umask tz systemd log-driver rm quiet publish";
    for (const name of wanted.split(" ")) expect(findContainerOption(name), name).toBeDefined();
  });

  it.each(REFUSED_OPTIONS.map(({ name, type }) => ({ name, type })))(
    "refuses --$name by name",
    ({ name, type }) => {
      const { value, errors } = parseRun(`--${name}${type === "string" ? " x" : ""} img`);
      expect(value).toBeUndefined();
      expect(errors).toHaveLength(1);
      expect(errors[0]).toContain(`--${name} is refused: `);
    },
  );

  it("carries every option out", () => {
    const { unimplemented } = parseLine(
      'b2c.run="--restart=no --publish 80:80 --network=bridge --pull=newer --init=false -t img"',
    );
    expect(unimplemented).toEqual([]);
  });
});
