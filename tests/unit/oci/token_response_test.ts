import { describe, expect, it } from "vitest";
import { AgentError } from "../../../agent/errors.ts";
import { parseTokenResponse } from "../../../agent/oci/token_response.ts";

function parse(value: unknown) {
  return parseTokenResponse("token", new TextEncoder().encode(JSON.stringify(value)));
}

describe("parseTokenResponse", () => {
  it.each([
    { value: { token: "a.b-c" }, wanted: { token: "a.b-c", lifetimeMs: 60_000 } },
    { value: { access_token: "x" }, wanted: { token: "x", lifetimeMs: 60_000 } },
    { value: { token: "", access_token: "x" }, wanted: { token: "x", lifetimeMs: 60_000 } },
    {
      value: { token: "t", access_token: "x", expires_in: 300 },
      wanted: { token: "t", lifetimeMs: 300_000 },
    },
    { value: { token: "t", expires_in: 5 }, wanted: { token: "t", lifetimeMs: 60_000 } },
    { value: { token: "t", expires_in: "300" }, wanted: { token: "t", lifetimeMs: 60_000 } },
  ])("$value", ({ value, wanted }) => {
    expect(parse(value)).toEqual(wanted);
  });
  it.each([{}, [], { token: 5 }, { token: "" }, { token: "se cret" }, { token: "se\r\ncret: x" }])(
    "refuses %s without quoting it",
    (value) => {
      let error: unknown;
      try {
        parse(value);
      } catch (caught) {
        error = caught;
      }
      expect(error).toBeInstanceOf(AgentError);
      expect((error as AgentError).message).not.toContain("cret");
    },
  );
});
