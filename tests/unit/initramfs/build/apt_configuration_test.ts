import { describe, expect, it } from "vitest";
import {
  renderConfiguration,
  renderSources,
} from "../../../../initramfs/build/apt_configuration.ts";

describe("renderSources", () => {
  it("names archive, security archive and keyring", () => {
    const text = renderSources({ archive: "http://a.example", security: "http://s.example" }, "/k");
    expect(text.split("\n\n").map((stanza) => stanza.trim().split("\n"))).toEqual([
      [
        "Types: deb",
        "URIs: http://a.example",
        "Suites: trixie",
        "Components: main",
        "Signed-By: /k",
      ],
      [
        "Types: deb",
        "URIs: http://s.example",
        "Suites: trixie-security",
        "Components: main",
        "Signed-By: /k",
      ],
    ]);
  });

  it("does without a security archive", () => {
    const text = renderSources({ archive: "http://a.example", security: undefined }, "/k");
    expect(text).not.toContain("security");
  });
});

describe("renderConfiguration", () => {
  const text = renderConfiguration("/state", "arm64");

  it("keeps lists, caches and status away from the system's", () => {
    expect(text).toContain('Dir::State "/state";');
    expect(text).toContain('Dir::State::status "/dev/null";');
    expect(text).toContain('Dir::Etc::sourceparts "/dev/null";');
    expect(text).toContain('APT::Architecture "arm64";');
  });

  it("never takes what is not signed", () => {
    expect(text).toContain('Acquire::AllowInsecureRepositories "false";');
  });

  it("runs no scripts of the system", () => {
    expect(text).toContain("#clear APT::Update::Post-Invoke-Success;");
  });
});
